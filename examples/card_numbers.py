"""Payment cards' numbers are hidden before anything is stored, all but their last four digits.

    cp examples/card_numbers.py ~/.claude-mpm/monitor/plugins/

A regular expression alone (`redact_also` in plugins.toml) would take many a number for a card; what
is one has a check digit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from claude_mpm_monitor import Redactor, hookimpl

#: Visa, Mastercard and American Express, in groups or not.
CARD = re.compile(
    rb"(?<![\w.-])(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d)(?:[ -]?\d{4}){3}(?![\w-]|\.\d)"
    rb"|(?<![\w.-])3[47]\d\d[ -]?\d{6}[ -]?\d{5}(?![\w-]|\.\d)"
)
#: Still a number, where JSON has one.
HIDDEN = b"9"


class CardNumbers:
    """Hides them in every delivery. On the writer thread, so one look at the text has to do."""

    name = "card_numbers"

    def redact(self, text: bytes) -> tuple[bytes, Mapping[str, int]]:
        """Return the text with cards' numbers hidden, and how many there were."""
        hidden = 0

        def hide(found: re.Match[bytes]) -> bytes:
            nonlocal hidden
            number = found.group()
            if not is_card(number):
                return number
            hidden += 1
            return re.sub(rb"\d", HIDDEN, number[:-4]) + number[-4:]

        text = CARD.sub(hide, text)
        return text, {"card number": hidden} if hidden else {}


def is_card(number: bytes) -> bool:
    """Tell by Luhn's check digit."""
    digits = [digit - 48 for digit in reversed(number) if digit >= 48]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


@hookimpl
def monitor_register_redactors() -> list[Redactor]:
    """Hand it to the monitor. Called once, when it starts."""
    return [CardNumbers()]
