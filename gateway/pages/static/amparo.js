/* What makes the pages better where there is JavaScript. Nothing here is needed: each form posts and
   each link leads without it. */
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/* A form that moves money goes once: the second click finds it gone. The server would answer it with
   the same receipt anyway, by the form's key; this spares the wait and the doubt. */
function guardAgainstDoubles(form) {
  let gone = false;
  form.addEventListener("submit", (event) => {
    if (gone) return event.preventDefault();
    gone = true;
    /* After the browser has taken the pressed button's value into the request. */
    setTimeout(() => all("button", form).forEach((b) => b.setAttribute("aria-disabled", "true")));
  });
  /* Back from the next page, the form may be used again. */
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    gone = false;
    all("button", form).forEach((b) => b.removeAttribute("aria-disabled"));
  });
}

/* Search while typing: the same form, posted a little after the last letter; the newest answer wins. */
function searchLive(form) {
  const field = form.querySelector("input[type=search]");
  const results = document.getElementById(form.dataset.live);
  const status = form.querySelector("[data-status]");
  let waiting, asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), signal: asking.signal,
        headers: { "X-Part": "results" },
      });
      if (!answer.ok || answer.redirected) return;
      results.innerHTML = await answer.text();
      /* A reader of the screen hears how many, not the whole list. */
      status.textContent = results.querySelector("[data-said]")?.textContent ?? "";
    } catch (error) {
      if (error.name !== "AbortError") return; /* The line is down: Enter still posts the form. */
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (field.value.trim().length > 1) waiting = setTimeout(ask, 250);
  });
  form.addEventListener("submit", () => { clearTimeout(waiting); asking?.abort(); });
}

/* 1234.5 becomes 1,234.50 when the field is left; the server reads both. */
function writeAmount(field) {
  const write = () => {
    const plain = field.value.replace(/[,\s]/g, "");
    if (!/^\d{1,12}(\.\d{1,2})?$/.test(plain)) return;
    const [whole, cents = ""] = plain.split(".");
    field.value = whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",") + (cents ? "." + cents.padEnd(2, "0") : "");
  };
  field.addEventListener("blur", write);
  field.addEventListener("focus", () => field.select());
  write();
  if (document.activeElement === field) field.select();
}

/* Work that goes on elsewhere: fetch its state again until it is done. */
function follow(place) {
  const again = async () => {
    try {
      const answer = await fetch(place.dataset.poll, { headers: { "X-Part": "state" } });
      if (answer.ok && !answer.redirected) {
        place.innerHTML = await answer.text();
        if (answer.headers.get("X-Running") !== "1") {
          place.querySelector("[data-focus]")?.focus();
          return;
        }
      }
    } catch { /* The line is down: the next round may find it up. */ }
    setTimeout(again, 1500);
  };
  setTimeout(again, 1000);
}

all("form[data-once]").forEach(guardAgainstDoubles);
all("form[data-live]").forEach(searchLive);
all("input[data-amount]").forEach(writeAmount);
all("[data-poll]").forEach(follow);
all("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
  if (button.autofocus) button.focus();
});
document.querySelector("form [data-focus]")?.focus();
