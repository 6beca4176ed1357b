"""What a model's tokens cost, in US dollars per million.

Owns a small dated table. Prices change and models come; a model that is not listed has no cost rather than a wrong
one, and `LLMFactory(..., price=Price(..))` supplies it.

Source: Anthropic, docs.anthropic.com/en/docs/about-claude/pricing, as of August 2025 (3 to 4.1), and its list of March
2026 (4.5, 4.6); OpenAI, platform.openai.com/docs/pricing, as of mid 2025; DeepSeek,
api-docs.deepseek.com/quick_start/pricing-details-usd, as of February 2025, cache misses. No batch or cache discounts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A model's list price.

    Attributes:
        input_usd: per million tokens of the request.
        output_usd: per million tokens of the reply.
    """

    input_usd: float
    output_usd: float

    def cost_usd(self, input_tokens: int, output_tokens: int) -> float:
        """What one call costs."""
        return (input_tokens * self.input_usd + output_tokens * self.output_usd) / 1e6


PRICES: dict[str, tuple[float, float]] = {
    "anthropic/claude-3-haiku": (0.25, 1.25),
    "anthropic/claude-3-sonnet": (3.0, 15.0),
    "anthropic/claude-3-opus": (15.0, 75.0),
    "anthropic/claude-3-5-haiku": (0.8, 4.0),
    "anthropic/claude-3-5-sonnet": (3.0, 15.0),
    "anthropic/claude-3-7-sonnet": (3.0, 15.0),
    "anthropic/claude-sonnet-4": (3.0, 15.0),
    "anthropic/claude-opus-4": (15.0, 75.0),
    "anthropic/claude-opus-4-1": (15.0, 75.0),
    "anthropic/claude-haiku-4-5": (1.0, 5.0),
    "anthropic/claude-sonnet-4-5": (3.0, 15.0),
    "anthropic/claude-opus-4-5": (5.0, 25.0),
    "anthropic/claude-sonnet-4-6": (3.0, 15.0),
    "anthropic/claude-opus-4-6": (5.0, 25.0),
    "openai/gpt-4o": (2.5, 10.0),
    "openai/gpt-4o-mini": (0.15, 0.6),
    "openai/gpt-4.1": (2.0, 8.0),
    "openai/gpt-4.1-mini": (0.4, 1.6),
    "openai/gpt-4.1-nano": (0.1, 0.4),
    "deepseek/deepseek-chat": (0.27, 1.1),
    "deepseek/deepseek-reasoner": (0.55, 2.19),
}
"""(input, output) by `provider/model` without the date; a dated or `-latest` name finds its undated entry."""


def price_of(name: str) -> Price | None:
    """The list price of `provider/model`, None if it is not known."""
    entry = PRICES.get(name) or PRICES.get(_undated(name))
    return None if entry is None else Price(input_usd=entry[0], output_usd=entry[1])


def _undated(name: str) -> str:
    """The name without `-20240229`, `-2024-08-06` or `-latest`."""
    parts = name.split("-")
    if parts[-1] == "latest" or (len(parts[-1]) == 8 and parts[-1].isdigit()):
        return "-".join(parts[:-1])
    date = parts[-3:]
    if len(date) == 3 and [len(part) for part in date] == [4, 2, 2] and all(part.isdigit() for part in date):
        return "-".join(parts[:-3])
    return name
