"""What an SMS says: templates in each language, their words, and how many parts the text costs."""

from gateway.messages.wording.gsm import Size, fit, measure
from gateway.messages.wording.rendering import CODE_MASK, Addressee, render
from gateway.messages.wording.templates import TEMPLATES, Template

__all__ = ["CODE_MASK", "TEMPLATES", "Addressee", "Size", "Template", "fit", "measure", "render"]
