"""Who was put into or out of which office, reckoned from the notices; what is only proposed never answers.

Who follows whom in an office is told by `succession.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.bulletin import Bulletin
from corpus.lines import letter_pairs
from corpus.records import Act, Appointment, Records
from qa.answer import Sentence
from qa.compose import appointment_sentence
from qa.mention import place_in, stem_of
from qa.question import Kind, Question
from qa.rolls import meeting_name
from qa.succession import cited, from_successions

_POST = r"副?(?:局长|主任|检察长|检察员|审判员|庭长|院长|市长|县长|区长|秘书长)"
_ACTS = (
    (Act.APPOINTED, re.compile(rf"任命|新任(?!务)|新的?{_POST}|新上任|走马上任")),
    (Act.REMOVED, re.compile(r"免去|免掉|免了|免职|被免|免除")),
    (Act.RESIGNED, re.compile(r"辞去|辞职|辞掉|辞任|请辞")),
)
_HOW_MANY = re.compile(r"(?:几|多少)(?:个|位|名)?(?:人|[\u4e00-\u9fff]{0,3}[长员任])")
_POST_COUNTED = re.compile(rf"(?:几|多少)(?:个|位|名)(副?[\u4e00-\u9fff]{{0,3}}?{_POST})")
_POST_LISTED = re.compile(
    rf"(?<![局委院办厅])(?:哪些|哪几[位名个]|的|了|新任?|免去|任命|辞去)(?P<post>{_POST})(?:职务)?的?(?:有|都有|是|分别是)*"
    r"(?:哪些|哪几[位名个]|谁|哪些人|$|[？?。])|(?:哪些|哪几[位名个])(?P<which>" + _POST + ")"
)
_BRANCHES = {
    "法院": (r"法院", r"法院|审判|庭长"),
    "检察": (r"检察", r"检察"),
    "监察": (r"监察|监委", r"监察"),
    "人大": (r"人大(?:系统|机关|方面|各?工作?委)", r"人大|人民代表大会"),
}
"""Branches besides the government: how a question names them, and what their offices' names hold."""
_EVERYONE = re.compile(
    r"(?:任命|免去|免掉|免了|辞去|批准)(?:了|的是|的有)?(?:哪些人|谁|哪几个人|哪几位)(?:的?职务)?(?:[？?。]|$)"
    r"|(?:谁|哪些人|哪几个人|哪几位)(?:被)?(?:任命了?|免去?了?|辞去?了?)(?:的?职务?)?(?:[？?。]|$)"
    r"|(?:任命|免去|免职|辞去职务)的(?:人员?)?(?:都|分别)?(?:有|是)(?:哪些人?|谁|哪几[个位]人?)(?:[？?。]|$)"
)
_WHICH_OFFICE = re.compile(
    r"(?:什么|哪个|哪些|啥|何种?|哪几个)(?:职务|职位|岗位|官职?|职)|(?:任命|免去|辞去)(?:为|了|成)?(?:什么|啥|哪些?)(?![原时人])"
    r"|(?:职务|岗位|职位)(?:是|有|分别是)?(?:什么|哪些|哪个|啥)|从哪.{0,8}[到去]了?哪|(?:到|去)了?哪(?:里|个单位)任职"
)
_LATER = re.compile(r"[之以]?后，?.{0,8}(?:任|当|做|去|到|干)")
_EARLIER = re.compile(r"(?:之前|以前|此前|[任命免职]前)")
_ONLY_ASKED_FOR = re.compile(r"提请|提名|议案|建议|拟任|谁任命|由谁")
"""Words of a question about what is proposed, or about who decides."""
_SOME_BODY = re.compile(r"[^各几些个多哪的几位]{2}局(?!长)")
_BOTH_WAYS = re.compile(r"原来|原任|原先|从哪|任免|变动|变化|调整|调[到任动整]")
_NAMED = 0.6
"""Share of an office's pairs of letters that a question must hold to name it."""


def from_notices(question: Question, bulletin: Bulletin, records: Records) -> tuple[Sentence, ...]:
    """Return what the notices say to a question about who gets or leaves an office; nothing to any other."""
    words = question.query
    followed = from_successions(question, bulletin, records)
    if followed:
        return followed
    if _ONLY_ASKED_FOR.search(words):
        return ()
    decided = [a for a in records.appointments if not a.proposed and _on_day(question, bulletin, a)]
    titled = _of_title(words, bulletin, decided)
    if titled:
        return titled
    people = {a.person for a in decided if a.person in words}
    asked = [act for act, said in _ACTS if said.search(words)]
    if len(people) == 1 and _WHICH_OFFICE.search(words) and not _HOW_MANY.search(words):
        return _offices(question, bulletin, [a for a in decided if a.person in people], asked)
    if len(asked) != 1:
        return ()
    decided = [a for a in decided if a.act is asked[0]]
    approved = [a for a in decided if a.approved]
    if re.search(r"(?<!含)(?<!包括)批准(?:任命|免去|辞去)", words) and approved:
        decided = approved
    if _HOW_MANY.search(words):
        return _count(question, bulletin, decided)
    known = any(name in words for name in records.people)
    if question.kind not in (Kind.PERSON, Kind.LIST) or known:
        return ()
    return (
        _everyone(question, bulletin, decided)
        or _holders(question, bulletin, decided)
        or _of_post(question, bulletin, decided)
    )


def _of_title(words: str, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return all that the notice whose title the question gives puts into and out of office."""
    if not re.search(r"任免|任命|免去", words) or not re.search(r"哪些|什么|谁", words):
        return ()
    own = [a for a in decided if f"《{bulletin.documents[a.document].title}》" in words]
    acts = dict.fromkeys(a.act for a in own)
    told = [[a for a in own if a.act is act] for act in acts]
    return tuple(Sentence(f"{_verb(some)}：{_with_offices(some)}。", cited(bulletin, some)) for some in told)


def _on_day(question: Question, bulletin: Bulletin, record: Appointment) -> bool:
    """Whether a notice is of the day or the meeting that the question names; of any where it names none."""
    if question.dates:
        return any(f"{month}月{day}日" in record.date for _, month, day in question.dates)
    named = {meeting_name(number) for number in question.meetings}
    return not named or bulletin.documents[record.document].meeting in named


def _offices(
    question: Question, bulletin: Bulletin, own: Sequence[Appointment], asked: Sequence[Act]
) -> tuple[Sentence, ...]:
    """Return what became of the offices of one person, of the acts asked for."""
    words = question.standalone
    both = bool(_BOTH_WAYS.search(words)) or len(asked) > 1
    if _LATER.search(words) or (not asked and re.search(r"担任|出任|新职|转任|现任", words)):
        both, asked = False, [Act.APPOINTED]
    elif _EARLIER.search(words):
        both, asked = False, [Act.REMOVED, Act.RESIGNED]
    told = [a for a in own if both or a.act in asked]
    whole = [a for a in told if not any(a is not b and a.act is b.act and _within(a, b) for b in told)]
    return tuple(Sentence(appointment_sentence(a), cited(bulletin, [a])) for a in whole)


def _within(one: Appointment, other: Appointment) -> bool:
    """Whether the office of one notice is one of several that another names: 代理市长 in 副市长、代理市长."""
    return len(one.office) < len(other.office) and all(
        part in other.office for part in (re.sub(rf"^{one.body}", "", one.office), one.body)
    )


def _of_branches(question: Question, decided: Sequence[Appointment]) -> list[Appointment]:
    """Return the notices of the bodies or branches that the question names; all where it names none."""
    words = question.standalone
    named = {branch for branch, (said, _) in _BRANCHES.items() if re.search(said, words)}
    if re.search(r"政府(?!提请)", words):
        named.add("")
    bodies = [
        a for a in decided if a.body.endswith(("局", "委员会", "办公室")) and place_in(words, a.body) >= 0
    ]
    if bodies or _SOME_BODY.search(words):
        return bodies
    return [a for a in decided if _branch(a) in named] if named else list(decided)


def _branch(record: Appointment) -> str:
    """Return the branch of an office, "" for the government."""
    return next((branch for branch, (_, held) in _BRANCHES.items() if re.search(held, record.office)), "")


def _of_one_time(question: Question, decided: Sequence[Appointment]) -> bool:
    """Whether the notices are of the time that the question names, or of one meeting where it names none."""
    named = question.dates or question.meetings
    return bool(named) or len({(a.meeting, a.date) for a in decided}) == 1


def _has_post(post: str) -> Callable[[Appointment], bool]:
    """Return whether an office is `post` and not its deputy."""
    return lambda record: record.office.endswith(post) and f"副{post}" not in record.office


def _count(question: Question, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return how many were put into or out of office, by name."""
    if re.search(r"女|男|党外|连任|票|多几|少几|比", question.standalone):
        return ()
    if len(_POST_COUNTED.findall(question.standalone)) > 1:
        return ()
    post = _POST_COUNTED.search(question.standalone)
    chosen = _of_branches(question, decided)
    chosen = list(filter(_has_post(post[1]), chosen)) if post else chosen
    if len(chosen) < 2 or not _of_one_time(question, chosen):
        return ()
    return _counted(bulletin, chosen, post[1] if post else "")


def _counted(bulletin: Bulletin, chosen: Sequence[Appointment], post: str) -> tuple[Sentence, ...]:
    names = list(dict.fromkeys(a.person for a in chosen))
    which = f"（{post}）" if post else ""
    said = f"{_verb(chosen)}{len(names)}人{which}：{'、'.join(names)}。"
    return (Sentence(said, cited(bulletin, chosen)),)


def _verb(chosen: Sequence[Appointment]) -> str:
    """Return the act of the notices, 批准任命 only where all of them are."""
    return f"{'批准' if all(a.approved for a in chosen) else ''}{chosen[0].act.value}"


def _everyone(question: Question, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return all who were put into or out of office at the time named, where no office is."""
    chosen = _of_branches(question, decided)
    named = question.dates or question.meetings or (chosen and chosen[0].act is Act.RESIGNED)
    if not (_EVERYONE.search(question.standalone) and chosen and named):
        return ()
    return (Sentence(f"{_verb(chosen)}：{_with_offices(chosen)}。", cited(bulletin, chosen)),)


def _with_offices(chosen: Sequence[Appointment]) -> str:
    whole = [
        a for a in chosen if not any(a is not b and a.person == b.person and _within(a, b) for b in chosen)
    ]
    return "、".join(dict.fromkeys(f"{a.person}（{a.office}）" for a in whole))


def _of_post(question: Question, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return all who got or left a post that the question names without a body: 哪些局长."""
    asked = _POST_LISTED.search(question.standalone)
    post = asked and (asked["post"] or asked["which"])
    chosen = list(filter(_has_post(post), _of_branches(question, decided))) if post else []
    named = re.search(rf"[局委院办厅会县区](?:的|新任?|原任?)+{_POST}", question.standalone)
    if named or not chosen or not _of_one_time(question, chosen):
        return ()
    if len({a.office for a in chosen}) == 1 and len(chosen) > 1:
        return _counted(bulletin, chosen, chosen[0].office)
    return (Sentence(f"{_verb(chosen)}：{_with_offices(chosen)}。", cited(bulletin, chosen)),)


def _holders(question: Question, bulletin: Bulletin, decided: Sequence[Appointment]) -> tuple[Sentence, ...]:
    """Return who was put into or out of the office that the question names; nothing where it names none."""
    asked = letter_pairs(question.query)

    def named(record: Appointment) -> tuple[float, int]:
        shares = []
        for office in (record.office, *record.office.split("、")):
            own = letter_pairs(re.sub(r"人民政府|人民", "", stem_of(office)))
            fits = office[-2:] in question.query
            if fits and record.body and place_in(question.query, record.body) >= 0 and "副" not in office:
                return 1.0, len(own)
            shares.append((len(own & asked) / max(len(own), 1), len(own)) if fits else (0.0, 0))
        return max(shares)

    title = {a.office: a for a in decided}
    best = max((named(record) for record in title.values()), default=(0.0, 0))
    held = [a for a in decided if named(a) == best]
    if best[0] < _NAMED or len({a.office for a in held}) > 1:
        return ()
    people = "、".join(dict.fromkeys(a.person for a in held))
    said = appointment_sentence(held[0]).replace(held[0].person, people, 1)
    return (Sentence(said, cited(bulletin, held)),)
