"""What is still worth asking: the company's questions, and what only an authority can say."""

import orjson

from app.engine import FactCode, OpenFact, Purpose
from app.evaluation.blocks import Blocks, Json
from app.evaluation.pieces import fragment
from app.evaluation.telling import Telling
from app.evaluation.values import json_number
from app.rulebook import FactEntry, Option


def question_entry(telling: Telling, item: OpenFact) -> Json:
    """A question to the company, with all that a page needs to ask it."""
    head = telling.blocks.kept(("question", item.fact), lambda: _question(telling.blocks, item.fact))
    return {**head, "decides": item.decides, "optional": item.optional}


def _question(blocks: Blocks, code: FactCode) -> Json:
    entry, phrases = blocks.book.facts[code], blocks.phrases
    return {
        "fact": code,
        "name": phrases.pick(entry.name),
        "question": phrases.pick(entry.question),
        "help": phrases.pick_or_none(entry.help),
        "type": entry.type,
        "options": _options(blocks, entry),
        **({} if entry.minimum is None else {"minimum": json_number(entry.minimum)}),
        **({} if entry.maximum is None else {"maximum": json_number(entry.maximum)}),
        **({} if entry.unit is None else {"unit": entry.unit}),
        **({} if entry.empty_allowed else {"empty_allowed": False}),
        "group": entry.group,
        "ask": entry.ask,
        **({} if entry.purpose is Purpose.DECIDE else {"purpose": entry.purpose}),
    }


def _options(blocks: Blocks, entry: FactEntry) -> orjson.Fragment:
    return fragment([_option(blocks, option) for option in entry.options])


def _option(blocks: Blocks, option: Option) -> Json:
    helping = {} if option.help is None else {"help": blocks.phrases.pick(option.help)}
    return {"value": option.value, "label": blocks.phrases.pick(option.label), **helping}


def confirmation_entry(telling: Telling, item: OpenFact) -> Json:
    """A fact to be settled with an authority: whom to ask, and what."""
    entry = telling.book.facts[item.fact]
    whom = entry.ask_whom
    return {
        "fact": item.fact,
        "name": telling.phrases.pick(entry.name),
        "question": telling.phrases.pick(entry.question),
        "help": telling.phrases.pick_or_none(entry.help),
        "ask": telling.phrases.pick(entry.question if whom is None else whom.ask),
        "authority": None if whom is None else telling.authority(whom.authority),
        "authority_code": None if whom is None else whom.authority,
        "decides": item.decides,
        "optional": item.optional,
    }
