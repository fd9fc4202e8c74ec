"""Which officer sees which traveller, and the queue of a post. Every door asks `travellers_for`, and nothing else."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Office, Role, User
from accounts.selectors import Posts, posts_of
from border.models import CargoHandover, GoodsAside, TravelLane
from lib.languages import in_language
from lib.resume_codes import plain_resume_code
from lib.spelling import searched
from passengers.models import PassengerView, Status, TravelDeclaration, Traveller, TravelReceipt
from passengers.selectors.law import categories
from risk.models import Lane
from risk.selectors import DrawnRow
from tariffs.models import TravelPost, Way

AT_THE_POST = (Role.EXAMINING, Role.SUPERVISOR)
SEE_TRAVELLERS = (*AT_THE_POST, Role.AUDITOR)
SEE_HISTORY = (Role.SUPERVISOR, Role.AUDITOR)
CARGO_SIDE = (Role.DOCUMENTARY, Role.EXAMINING, Role.SUPERVISOR)
ANNOUNCED = (Status.SUBMITTED, Status.TO_PAY, Status.PAID)
# A code that was scanned or typed opens the declaration to that officer for a shift, wherever it was announced.
SCANNED_FOR = timedelta(hours=12)
# Days before the end of the term of storage, from which a traveller is reminded.
SOON = 7


@dataclass(frozen=True)
class BorderPowers(Posts):
    """What an officer may do with travellers, by role and office."""

    @property
    def sees_travellers(self) -> bool:
        return any(role in SEE_TRAVELLERS for role, _office in self.roles)

    @property
    def acts(self) -> bool:
        """Whether the person lets travellers through at any post."""
        return any(role in AT_THE_POST for role, _office in self.roles)

    @property
    def sees_history(self) -> bool:
        return any(role in SEE_HISTORY for role, _office in self.roles)

    @property
    def watches(self) -> bool:
        """Whether the person reads who looked at what."""
        return any(role == Role.AUDITOR for role, _office in self.roles)

    @property
    def works_on_cargo(self) -> bool:
        return any(role in (*CARGO_SIDE, Role.AUDITOR) for role, _office in self.roles)

    def offices_of(self, *roles: str) -> frozenset[str] | None:
        """Offices in which one of the roles is held; None: the whole country."""
        held = {office for role, office in self.roles if role in roles}
        return None if None in held else frozenset(office for office in held if office is not None)

    def acts_at(self, post: str) -> bool:
        offices = self.offices_of(*AT_THE_POST)
        return self.acts and (offices is None or post in offices)


def border_powers(user: User, *, on: date) -> BorderPowers:
    return BorderPowers(posts_of(user, on=on).roles)


def travellers_for(user: User, *, on: date, at: datetime) -> QuerySet[TravelDeclaration]:
    """Sent declarations that `user` may see: of the officer's posts, announced or presented there, and what the officer
    scanned in this shift and nobody has taken up yet. For anybody else they do not exist. An auditor sees all.
    """
    powers = border_powers(user, on=on)
    sent: QuerySet[TravelDeclaration] = TravelDeclaration.objects.filter(version__gt=0)
    if not powers.sees_travellers:
        return sent.none()
    offices = powers.offices_of(*SEE_TRAVELLERS)
    if offices is None:
        return sent
    here = Q(presented_post__in=sorted(offices)) | Q(presented_post="", post__in=sorted(offices))
    scans = PassengerView.objects.filter(by=user, what=PassengerView.What.SCAN, at__gt=at - SCANNED_FOR)
    scanned = Q(presented_post="", pk__in=scans.values("declaration"))
    return sent.filter(here | scanned if powers.acts else here)


def traveller_for(user: User, key: uuid.UUID, *, on: date, at: datetime) -> TravelDeclaration:
    """The declaration with this key. Raises TravelDeclaration.DoesNotExist for everybody who may not see it."""
    return travellers_for(user, on=on, at=at).get(public_id=key)


def may_act_on(user: User, declaration: TravelDeclaration, *, on: date) -> bool:
    """Whether the officer acts at the post where the traveller stands, or may take one up who was not presented yet."""
    powers = border_powers(user, on=on)
    return powers.acts_at(declaration.presented_post) if declaration.presented_post else powers.acts


def by_scan(text: str) -> TravelDeclaration | None:
    """A sent declaration by the text of a receipt that was signed here, its code, or its reference."""
    receipt = TravelReceipt.objects.filter(text__in={text, text.strip()}).select_related("declaration").first()
    if receipt is not None:
        return receipt.declaration  # type: ignore[no-any-return]
    code, reference = plain_resume_code(text), "".join(text.split()).upper()
    named = Q(reference=reference) if reference else Q(pk__in=[])
    rows = TravelDeclaration.objects.filter(Q(code=code) if code else named, version__gt=0)
    found: TravelDeclaration | None = rows.first()
    return found


def sent_declaration(pk: int) -> TravelDeclaration | None:
    found: TravelDeclaration | None = TravelDeclaration.objects.filter(pk=pk, version__gt=0).first()
    return found


# Posts --------------------------------------------------------------------------------------------------------
def border_posts(powers: BorderPowers, *, on: date) -> dict[str, str]:
    """Posts for travellers that the person looks at, code -> name in the reader's language."""
    offices = powers.offices_of(*SEE_TRAVELLERS)
    names = {row.code: in_language(row) for row in TravelPost.objects.on(on).order_by("code", "way")}
    return {code: name for code, name in names.items() if offices is None or code in offices}


def post_to_present(user: User, declaration: TravelDeclaration, *, wanted: str, on: date) -> str:
    """The post where the officer stands: the one asked for, else the one announced, else the officer's first."""
    powers = border_powers(user, on=on)
    posts = [code for code in border_posts(powers, on=on) if powers.acts_at(code)]
    for code in (wanted, declaration.post, *posts):
        if code in posts:
            return code
    return ""


# The queue ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """Filters of the queue. `stand` is "announced", "here" or "done"; `text` a name or the number of a document."""

    post: str
    day: date
    stand: str = ""
    way: str = ""
    carriage: str = ""
    text: str = ""


@dataclass
class Group:
    """A flight, a train, the lane of cars, those on foot."""

    way: str
    way_name: str
    carriage: str
    rows: list[Any] = field(default_factory=list)


def of_stand(asked: Asked) -> dict[str, Q]:
    """What each standing holds: announced for the day, here and not yet through, through on the day."""
    here = Q(presented_post=asked.post)
    return {
        "here": here & Q(closed_at__isnull=True),
        "announced": Q(post=asked.post, travel_day=asked.day, presented_at__isnull=True, status__in=ANNOUNCED),
        "done": here & Q(closed_at__date=asked.day),
    }


def border_counts(seen: QuerySet[TravelDeclaration], asked: Asked) -> dict[str, int]:
    """How many stand where, whatever else is filtered."""
    counted = {name: Count("pk", filter=which) for name, which in of_stand(asked).items()}
    return dict(seen.order_by().aggregate(**counted))


def border_queue(seen: QuerySet[TravelDeclaration], asked: Asked) -> QuerySet[TravelDeclaration]:
    """Of those who are seen, who stands there, by arrival: whoever came first, then by flight, train or lane."""
    stands = of_stand(asked)
    rows = seen.filter(stands.get(asked.stand, stands["here"] | stands["announced"]))
    if asked.way:
        rows = rows.filter(way=asked.way)
    if asked.carriage:
        rows = rows.filter(carriage=asked.carriage)
    if asked.text:
        rows = rows.filter(_said_of(asked.text))
    return with_names(rows).order_by(F("presented_at").asc(nulls_last=True), "way", "carriage", "pk")


def _said_of(text: str) -> Q:
    """A name in any script, or the number of a document, of the version that counts."""
    people = Traveller.objects.filter(version__declaration=OuterRef("pk"), version__number=OuterRef("version"))
    name = " ".join(text.casefold().split())
    found = people.filter(Q(search__contains=name) | Q(document_number=searched(text)))
    return Q(pk__in=Subquery(found.values("version__declaration")))


def with_names(rows: QuerySet[TravelDeclaration]) -> QuerySet[TravelDeclaration]:
    """The first traveller of the version that counts, how many they are, the newest lane."""
    people = Traveller.objects.filter(version__declaration=OuterRef("pk"), version__number=OuterRef("version"))
    first = people.order_by("position")
    lanes = TravelLane.objects.filter(declaration=OuterRef("pk"), version=OuterRef("version"))
    counted = people.order_by().values("version").annotate(n=Count("pk")).values("n")
    return rows.annotate(
        family=Subquery(first.values("family_name")[:1]),
        given=Subquery(first.values("given_name")[:1]),
        people=Subquery(counted),
        lane=Subquery(lanes.values("lane")[:1]),
    )


def in_groups(rows: Sequence[Any]) -> list[Group]:
    """Flights, trains and lanes in the order in which their first traveller stands; cars are one lane."""
    groups: dict[tuple[str, str], Group] = {}
    names = dict(Way.choices)
    for row in rows:
        carriage = row.carriage if row.way in (Way.AIR, Way.RAIL) else ""
        group = groups.setdefault((row.way, carriage), Group(row.way, str(names.get(row.way, "")), carriage))
        group.rows.append(row)
    return list(groups.values())


def carriages(seen: QuerySet[TravelDeclaration], asked: Asked) -> list[str]:
    """Flights and trains of the day at the post, to filter by."""
    stands = of_stand(asked)
    rows = seen.filter(stands["here"] | stands["announced"] | stands["done"], way__in=(Way.AIR, Way.RAIL))
    return list(rows.exclude(carriage="").order_by("carriage").values_list("carriage", flat=True).distinct()[:60])


def offices(*, on: date) -> dict[str, str]:
    """Every office, code -> name in the reader's language."""
    return {row.code: in_language(row) for row in Office.objects.on(on)}


def office_name(code: str, *, on: date) -> str:
    return offices(on=on).get(code, code)


# One traveller ------------------------------------------------------------------------------------------------
def lane_of(declaration: TravelDeclaration) -> TravelLane | None:
    """The lane of the newest version that has one."""
    found: TravelLane | None = TravelLane.objects.filter(declaration=declaration).order_by("-version").first()
    return found


def has_to_be_seen(declaration: TravelDeclaration) -> bool:
    """Whether somebody has to look at the goods before they go on: by the declaration itself, or by a criterion."""
    lane = lane_of(declaration)
    return declaration.channel == "red" or (lane is not None and lane.lane == Lane.RED)


def was_examined(declaration: TravelDeclaration) -> bool:
    return bool(declaration.events.filter(verb="examine").exists())


def looks(user: User, *, text: str, on: date) -> QuerySet[PassengerView]:
    """Who looked at what, the latest first, of the travellers that an auditor sees; by officer, reference or search."""
    rows: QuerySet[PassengerView] = PassengerView.objects.select_related("by", "declaration")
    offices = border_powers(user, on=on).offices_of(Role.AUDITOR)
    if offices is not None:
        rows = rows.filter(
            Q(declaration__post__in=sorted(offices)) | Q(declaration__presented_post__in=sorted(offices))
        )
    if text:
        named = Q(by__full_name__icontains=text) | Q(declaration__reference=text.upper()) | Q(text__icontains=text)
        rows = rows.filter(named)
    return rows


# Goods that do not go on --------------------------------------------------------------------------------------
def aside_for(user: User, *, on: date, at: datetime) -> QuerySet[GoodsAside]:
    """Goods set aside at the posts whose travellers `user` sees."""
    seen = travellers_for(user, on=on, at=at)
    found: QuerySet[GoodsAside] = GoodsAside.objects.filter(declaration__in=seen).select_related("declaration", "by")
    return found.order_by("keep_until", "pk")


@dataclass(frozen=True)
class Clock:
    """Goods that wait, and how long they still do."""

    row: GoodsAside
    on: date

    @property
    def days(self) -> int:
        """Days until the end of the term; negative when it is over."""
        return (self.row.keep_until - self.on).days if self.row.keep_until else 0

    @property
    def is_over(self) -> bool:
        return self.row.status == GoodsAside.Status.HELD and self.days < 0

    @property
    def is_soon(self) -> bool:
        return self.row.status == GoodsAside.Status.HELD and 0 <= self.days <= SOON


def goods_in_words(draft: Mapping[str, Any], *, on: date) -> dict[str, str]:
    """The goods of a working copy that can be named by a key: in the traveller's words, else by their category."""
    names = {row.code: in_language(row) for row in categories(on=on)}
    rows = [row for row in draft.get("goods", ()) if row.get("key")]
    return {row["key"]: str(row.get("description") or names.get(row.get("category"), "")) for row in rows}


def names_of(declaration: TravelDeclaration) -> list[str]:
    """The travellers of the version that counts, as written."""
    people = Traveller.objects.filter(version__declaration=declaration, version__number=declaration.version)
    return [str(each) for each in people.order_by("position")]


def aside_of(declaration: TravelDeclaration) -> Sequence[GoodsAside]:
    return list(GoodsAside.objects.filter(declaration=declaration).select_related("by").order_by("pk"))


def handovers_for(user: User, *, on: date) -> QuerySet[CargoHandover]:
    """What was handed over to the cargo side of the officer's offices."""
    offices = border_powers(user, on=on).offices_of(*CARGO_SIDE, Role.AUDITOR)
    rows: QuerySet[CargoHandover] = CargoHandover.objects.select_related("declaration", "by", "taken_by")
    return rows if offices is None else rows.filter(office_code__in=sorted(offices))


def takes_cargo(user: User, handover: CargoHandover, *, on: date) -> bool:
    """Whether the officer works on cargo in that office."""
    offices = border_powers(user, on=on).offices_of(*CARGO_SIDE)
    return offices is None or handover.office_code in offices


# The random share, checked ----------------------------------------------------------------------------------------
def rows_of_travellers(*, since: date | None, until: date, number: str = "") -> Iterator[DrawnRow]:
    """Lanes that were drawn on these days, of all travellers or of one number."""
    rows = TravelLane.objects.filter(drawn_on__lte=until).order_by("pk")
    if since is not None:
        rows = rows.filter(drawn_on__gte=since)
    if number:
        rows = rows.filter(declaration__reference=number)
    columns = ("drawn_on", "declaration__reference", "at", "lane", "reasons")
    for row in rows.values_list(*columns).iterator(chunk_size=1000):
        yield DrawnRow(*row)
