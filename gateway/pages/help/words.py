"""The words of the trade, explained to somebody on the first day."""

from gateway.pages.words import N_

TRADE_WORDS: tuple[tuple[str, str], ...] = (
    (N_("Charge"), N_("What the mutual asks of one member for one month: both shares and its fee.")),
    (
        N_("Credit"),
        N_("Money paid in that no month has taken yet. It is the member's and pays the next month."),
    ),
    (
        N_("Cut-off"),
        N_("The last day to pay for a month. Who has not paid by then is not declared for it."),
    ),
    (N_("Declaration"), N_("The list sent to the State: who worked, and on what wage.")),
    (N_("Payment notice"), N_("The State's bill for a declaration. What it says is what is owed.")),
    (N_("Remittance"), N_("The mutual's payment of that bill. It makes the coverage.")),
    (N_("Left out"), N_("A member who was not declared for a month. The charge lapses.")),
    (N_("Relay"), N_("Handing a benefit that the State sent on to the member it belongs to.")),
)
