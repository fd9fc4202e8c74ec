from tests.browser.conftest import Desk
from tests.browser.test_leaving_story import MAKE
SHOTS = [("monitor@demo.example", "/travellers/cash/?name=&least=1000", "cash"), ("monitor@demo.example", "/travellers/cash/files/", "files"),
 ("gate-chief@demo.example", "/travellers/leaving/", "leaving"), ("gate-chief@demo.example", "VEHICLE", "vehicle"), ("gate-chief@demo.example", "CLAIM", "claim"),
 ("", "/travel/statistics/?days=90", "stat"), ("", "/travel/privacy/", "privacy"), ("", "/travel/law/", "law")]
def test_shots(desk: Desk) -> None:
    desk.stack.manage("shell", "-c", MAKE)
    out = desk.stack.manage("shell", "-c", "from passengers.models import *; print('KEYS', VehicleStay.objects.get(plate__startswith='M210').public_id, ExitClaim.objects.get().declaration.public_id, VehicleStay.objects.get(plate__startswith='M210').declaration.code)")
    import psycopg2
    db = psycopg2.connect(desk.stack.postgres.owner_url); c = db.cursor()
    c.execute("select s.public_id, d.public_id, d.code from passengers_vehiclestay s join passengers_traveldeclaration d on d.id=s.declaration_id where s.plate like 'M210%'"); stay, _d, code = c.fetchone()
    c.execute("select d.public_id, d.code from passengers_exitclaim e join passengers_traveldeclaration d on d.id=e.declaration_id"); claim, ccode = c.fetchone()
    for email, path, name in SHOTS:
        path = path.replace("VEHICLE", f"/travellers/vehicles/{stay}/").replace("CLAIM", f"/travellers/leaving/{claim}/")
        for tag, options in (("desk", {}), ("phone", {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "locale": "ru-RU"})):
            page = desk.log_in(email, **options) if email else desk.page(**options)
            page.goto(path); page.screenshot(path=f"/tmp/cars/{name}-{tag}.png", full_page=True)
    for co, birth, addr, name in ((code, "01.12.1975", "vehicle-stay", "mystay"), (ccode, "17.02.1993", "money-back", "myclaim")):
        page = desk.page(viewport={"width": 360, "height": 740})
        page.goto("/travel/resume/"); page.fill("[name=code]", co); page.fill("[name=birth]", birth); page.click("main button.button--main")
        key = page.url.split("/travel/")[1].split("/")[0]
        page.screenshot(path=f"/tmp/cars/{name}-standing.png", full_page=True)
        page.goto(f"/travel/{key}/{addr}/"); page.screenshot(path=f"/tmp/cars/{name}.png", full_page=True)
    page = desk.log_in("broker@demo.example"); page.goto("/travel/convert/"); page.screenshot(path="/tmp/cars/convert.png", full_page=True)
