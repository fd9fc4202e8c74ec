"""Who can log in to the demonstration. The passwords and secrets are public: they exist with DEMO=1 alone."""

import base64
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role

PASSWORD = "demo-portal"  # noqa: S105 (shown on the demonstration's login page)
PERIOD = 30


@dataclass(frozen=True, slots=True)
class Person:
    """An account. Traders have `company` (its TIN) and `rights`; officers have `role` and `office` (none: all)."""

    email: str
    full_name: str
    language: str
    title: str | Promise
    company: str = ""
    rights: tuple[str, ...] = ()
    role: str = ""
    office: str = ""
    totp_secret: str = ""
    password: str = PASSWORD

    @property
    def label(self) -> str:
        return f"{self.full_name} · {self.title}"

    @property
    def code(self) -> str:
        """The current code of the second factor, empty for those who have none."""
        return code_at(self.totp_secret) if self.totp_secret else ""


@dataclass(frozen=True, slots=True)
class Firm:
    """A company of the demonstration; invented, as is its TIN."""

    tin: str
    name: str
    name_ru: str
    name_tg: str
    address: str
    kind: str = "trader"

    @property
    def box(self) -> str:
        """Name and address as a declaration carries them."""
        return f"{self.name}\n{self.address}"


POMIR = Firm("510014276", "Pomir Import LLC", "ООО «Помир Импорт»", "ҶДММ «Помир Импорт»", "17 Rudaki Avenue, Dushanbe")
ZARAFSHON = Firm(
    "510027811", "Zarafshon Food LLC", "ООО «Зарафшон Фуд»", "ҶДММ «Зарафшон Фуд»", "4 Kamoli Khujandi Street, Khujand"
)
SOMON = Firm(
    "510033905", "Somon Textile JSC", "ОАО «Сомон Текстиль»", "ҶСК «Сомон Текстил»", "88 Gagarin Street, Khujand"
)
KHATLON = Firm("510041168", "Khatlon Agro LLC", "ООО «Хатлон Агро»", "ҶДММ «Хатлон Агро»", "2 Vahdat Street, Kulob")
PHARMA = Firm(
    "510058420", "Dushanbe Pharma LLC", "ООО «Душанбе Фарма»", "ҶДММ «Душанбе Фарма»", "31 Ayni Street, Dushanbe"
)
AUTO = Firm(
    "510066093",
    "Silk Road Auto LLC",
    "ООО «Шёлковый путь Авто»",
    "ҶДММ «Роҳи Абрешим Авто»",
    "9 Jabbor Rasulov, Dushanbe",
)
SHARQ = Firm(
    "520011347", "Sharq Declar LLC", "ООО «Шарк Деклар»", "ҶДММ «Шарқ Деклар»", "5 Bukhoro Street, Dushanbe", "broker"
)
SUGHD = Firm(
    "520024709", "Sughd Broker LLC", "ООО «Согд Брокер»", "ҶДММ «Суғд Брокер»", "60 Lenin Street, Khujand", "broker"
)
# Software is tried out with this one: `demo.sandbox`.
SANDBOX = Firm("510099991", "Sandbox LLC", "ООО «Песочница»", "ҶДММ «Регдон»", "1 Test Street, Dushanbe")
TRADERS = (POMIR, ZARAFSHON, SOMON, KHATLON, PHARMA, AUTO)
BROKERS = (SHARQ, SUGHD)

ALL_RIGHTS = ("owner", "preparer", "payer")
TERMINAL, NORTH, GATE, AIRPORT = "TJ02", "TJ11", "TJ04", "TJ01"


def _trader(email: str, full_name: str, language: str, title: Promise, firm: Firm, *rights: str) -> Person:
    return Person(f"{email}@demo.example", full_name, language, title, company=firm.tin, rights=rights or ALL_RIGHTS)


def _officer(email: str, full_name: str, language: str, role: Role, office: str = "") -> Person:
    address = f"{email}@demo.example"
    secret = base64.b32encode(hashlib.sha1(address.encode()).digest()).decode()  # noqa: S324 (public anyway)
    return Person(address, full_name, language, role.label, role=role.value, office=office, totp_secret=secret)


PEOPLE: tuple[Person, ...] = (
    _trader("trader", "Farrukh Rahimov", "en", _("importer: files and pays"), POMIR),
    _trader("preparer", "Nigina Sharipova", "tg", _("importer: files, may not pay"), POMIR, "preparer"),
    _trader("food", "Bahodur Nazarov", "ru", _("importer of food"), ZARAFSHON),
    _trader("textile", "Madina Yusupova", "tg", _("importer and exporter of textiles"), SOMON),
    _trader("agro", "Rustam Saidov", "tg", _("exporter of cotton and fruit"), KHATLON),
    _trader("pharma", "Zarina Karimova", "ru", _("importer of medicines"), PHARMA),
    _trader("auto", "Daler Hakimov", "ru", _("importer of cars and parts"), AUTO),
    _trader("broker", "Shahlo Ismoilova", "ru", _("broker with mandates of four companies"), SHARQ),
    _trader("broker2", "Parviz Odinaev", "tg", _("broker in Sughd"), SUGHD),
    _trader("sandbox", "Test Programmer", "en", _("sandbox: the first letter of the LRN chooses"), SANDBOX),
    Person("stranger@demo.example", "Kamol Azizov", "en", _("a person without a company")),
    _officer("officer", "Jamshed Mirzoev", "ru", Role.DOCUMENTARY, TERMINAL),
    _officer("examiner", "Olim Boboev", "tg", Role.EXAMINING, TERMINAL),
    _officer("supervisor", "Gulnora Safarova", "ru", Role.SUPERVISOR, TERMINAL),
    _officer("north", "Anvar Qodirov", "tg", Role.DOCUMENTARY, NORTH),
    _officer("north-chief", "Savlat Ergashev", "ru", Role.SUPERVISOR, NORTH),
    _officer("gate", "Rahim Davronov", "tg", Role.EXAMINING, GATE),
    _officer("airport", "Farida Nazarova", "en", Role.EXAMINING, AIRPORT),
    _officer("gate-chief", "Nodira Salimova", "en", Role.SUPERVISOR, GATE),
    _officer("analyst", "Sitora Davlatova", "en", Role.ANALYST),
    _officer("analyst2", "Bahrom Yusufi", "tg", Role.ANALYST),
    _officer("tariff", "Iskandar Nurov", "ru", Role.TARIFF),
    _officer("approver", "Mavzuna Ashurova", "ru", Role.APPROVING),
    _officer("cashier", "Manizha Tohirova", "tg", Role.CASHIER),
    _officer("cashier2", "Umed Sobirov", "ru", Role.CASHIER),
    _officer("treasury", "Behruz Gafurov", "ru", Role.TREASURY),
    _officer("robot", "Sandbox Officer", "en", Role.SUPERVISOR),
    _officer("robot-chief", "Sandbox Supervisor", "en", Role.SUPERVISOR),
    _officer("robot-second", "Sandbox Second Supervisor", "en", Role.SUPERVISOR),
    _officer("officer2", "Zarina Nazarova", "tg", Role.DOCUMENTARY, TERMINAL),
    _officer("treasury2", "Nilufar Hoshimova", "tg", Role.TREASURY),
    _officer("monitor", "Zulfiya Nazarova", "en", Role.MONITOR),
    _officer("auditor", "Lola Umarova", "en", Role.AUDITOR),
    _officer("security", "Dilovar Hakimov", "ru", Role.SECURITY),
    _officer("director", "Saodat Rahimova", "tg", Role.DIRECTOR),
    _officer("admin", "Firuz Latipov", "en", Role.ADMIN),
    _officer("admin2", "Shirin Rasulova", "ru", Role.ADMIN),
)


ROBOT = "robot@demo.example"
CHIEFS = ("robot-chief@demo.example", "robot-second@demo.example")


def code_at(secret: str, at: float | None = None) -> str:
    """The six digits of RFC 6238 (SHA-1, 30 s) at `at`, by default now."""
    counter = int(time.time() if at is None else at) // PERIOD
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
