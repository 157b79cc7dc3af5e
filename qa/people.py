"""The index of people (人名索引): every page on which a person stands, and as what; see `roles.py`.

**One name is one person**, unless the bulletins show two: the name stands twice on one roster; or both among
those who came (出席) and those who sat in (列席) at one meeting, which no member does; or it is appointed on
one day into two branches that nobody serves together (人大, 政府, 监委, 法院, 检察院);
or the bulletins are of
two places. Each is then called by note, branch or place, and what may be of either is kept apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.bulletin import Bulletin
from qa.likeness import folded
from qa.roles import Fact, Group, Role, facts_of, known_names

__all__ = ["UNDECIDED", "Person", "Role", "known_names", "people_of", "person"]

UNDECIDED = "同名者之一，原文未区分"
_KINDS = ("roster", "meeting", "into")
"""What shows that two people have one name, the plainest first."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person and every role, in the order of the text, bulletin by bulletin.

    `note` tells people of one name apart; "" where nobody else has the name.
    """

    name: str
    roles: tuple[Role, ...]
    note: str = ""


@lru_cache(maxsize=16)
def people_of(bulletin: Bulletin) -> tuple[Person, ...]:
    """Return everybody that `bulletin` names in its records or beside an office, in the order of pinyin."""
    from pypinyin import lazy_pinyin

    names = sorted(
        known_names(bulletin), key=lambda name: (list(zip(lazy_pinyin(name), name, strict=False)), name)
    )
    return tuple(one for name in names for one in person([bulletin], name))


def person(bulletins: Iterable[Bulletin], name: str) -> tuple[Person, ...]:
    """Return the people called `name`; none if no bulletin knows the name.

    Spaces within the name, and 同志 after it, do not matter.
    """
    wanted = re.sub("同志$", "", folded(name))
    facts = [fact for bulletin in bulletins for fact in facts_of(bulletin, wanted)] if wanted else []
    places = dict.fromkeys(fact.place for fact in facts)
    if len(places) < 2:
        return tuple(_told_apart(wanted, facts))
    return tuple(
        Person(one.name, one.roles, "，".join(filter(None, (place or "地方不详", one.note))))
        for place in places
        for one in _told_apart(wanted, [fact for fact in facts if fact.place == place])
    )


def _told_apart(name: str, facts: Sequence[Fact]) -> Iterator[Person]:
    """Yield the people of one name and place: one, or one for each label by which they differ."""
    rivals = _rivals(facts)
    roles: dict[str, list[Role]] = defaultdict(list)
    for fact in facts:
        there = {label for group, label in fact.groups if group in rivals}
        own = [
            label for label in (there or fact.labels) if any(label in labels for labels in rivals.values())
        ]
        roles[own[0] if len(own) == 1 else UNDECIDED if rivals else ""].append(fact.role)
    for label in sorted(roles, key=lambda label: label == UNDECIDED):
        yield Person(name, tuple(roles[label]), label)


def _rivals(facts: Sequence[Fact]) -> dict[Group, set[str]]:
    """Return the groups of the plainest kind on which the name has more than one label, with these."""
    labels: dict[Group, set[str]] = defaultdict(set)
    for fact in facts:
        for group, label in fact.groups:
            labels[group].add(label)
    split = {group: found for group, found in labels.items() if len(found) > 1}
    kind = next((kind for kind in _KINDS if any(group.kind == kind for group in split)), "")
    return {group: found for group, found in split.items() if group.kind == kind}
