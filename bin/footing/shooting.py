"""One look after another: sign in, open, do what leads there, move the dates, cut, write."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

from . import CHECKOUT
from .browser import find_browser

WANTED = CHECKOUT / "sme_hub" / "help" / "pictures.toml"
PLACE = CHECKOUT / "static" / "help"
LOCALES = {"en": "en-SG", "zh-hans": "zh-CN"}
PASSWORD = "lantern-over-the-strait"
#: name of the file's end → width and height of the window
SCREENS = {"": (1440, 1000), "-phone": (390, 844)}
#: a picture heavier than this is kept with some loss
HEAVY_BYTES = 60_000
#: of paper around what is shown
MARGIN = 16
TRIES = 3

#: what floats over the page, and what differs from copy to copy
HIDDEN = ".bottom-bar, .buy-bar, .help-link, .frame-demo, .demo-bar { display: none !important } * { caret-color: transparent !important }"

#: Every date is moved by as many days as lie between today and 3 November 2026, times of day become ten o'clock.
MOVE_DATES = r"""() => {
  const months = ["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"];
  const now = new Date(), day = 86400000;
  const moved = (y, m, d) => new Date(Date.UTC(y, m, d) + Date.UTC(2026, 10, 3) - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
  const english = (all, d, m, y) => { const t = moved(+y, months.indexOf(m), +d); return `${t.getUTCDate()} ${months[t.getUTCMonth()]} ${t.getUTCFullYear()}`; };
  const chinese = (all, y, m, d) => { const t = moved(+y, +m - 1, +d); return `${t.getUTCFullYear()}年${t.getUTCMonth() + 1}月${t.getUTCDate()}日`; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    node.data = node.data
      .replace(/\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (20\d\d)\b/g, english)
      .replace(/(20\d\d)年(\d{1,2})月(\d{1,2})日/g, chinese)
      .replace(/\b\d\d:\d\d\b/g, "10:00");
  for (const input of document.querySelectorAll('input[type="date"]'))
    if (input.value) { const [y, m, d] = input.value.split("-"); input.value = moved(+y, +m - 1, +d).toISOString().slice(0, 10); }
}"""


class Unseen(Exception):
    """The page does not show itself to whom it was to be shown."""


@dataclass(frozen=True)
class Picture:
    """As pictures.toml has it: `who` (an address of the demo, empty for a visitor), `path`, `steps` and the cut."""

    name: str
    path: str
    who: str = ""
    #: element that is shown, and the most of its height in pixels, wide and on a phone
    show: str = "main"
    tall: int = 720
    tall_phone: int = 720
    #: elements that are left out
    hide: str = ""
    #: each `{click = css}`, `{fill = css, text = words}` or `{open = css}` (of a link: go where it leads)
    steps: list[dict[str, str]] = field(default_factory=list)


def wanted(names: list[str]) -> list[Picture]:
    """The pictures of these names, or all."""
    known = [
        Picture(name=name, **said) for name, said in tomllib.loads(WANTED.read_text(encoding="utf-8")).items()
    ]
    unknown = set(names) - {picture.name for picture in known}
    if unknown:
        raise SystemExit(f"No such picture in {WANTED.name}: {', '.join(sorted(unknown))}")
    return [picture for picture in known if not names or picture.name in names]


class Shooting:
    """`address` is that of a running copy with the demo in it."""

    def __init__(self, address: str) -> None:
        self._address = address

    def take(self, names: list[str]) -> int:
        """All that are wanted; what fails is named at the end, and the others are taken nevertheless."""
        pictures, failed = wanted(names), []
        with sync_playwright() as playwright:
            args = [
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--force-color-profile=srgb",
                "--font-render-hinting=none",
            ]
            browser = playwright.chromium.launch(executable_path=find_browser(), args=args)
            for language in LOCALES:
                for who in dict.fromkeys(picture.who for picture in pictures):
                    with self._signed_in(browser, who, language) as page:
                        for picture in (each for each in pictures if each.who == who):
                            failed += self._taken(page, picture, language)
            browser.close()
        for line in failed:
            print(line, flush=True)
        return 1 if failed else 0

    @contextmanager
    def _signed_in(self, browser: Browser, who: str, language: str) -> Iterator[Page]:
        context: BrowserContext = browser.new_context(
            base_url=self._address,
            locale=LOCALES[language],
            timezone_id="Asia/Singapore",
            color_scheme="light",
            reduced_motion="reduce",
            bypass_csp=True,
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        if who:
            page.goto(f"/{language}/accounts/login/")
            page.fill("[name=login]", who)
            page.fill("[name=password]", PASSWORD)
            page.locator("main form .button-main").first.click()
            page.wait_for_load_state()
        yield page
        context.close()

    def _taken(self, page: Page, picture: Picture, language: str) -> list[str]:
        for end, (width, height) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": height})
            file = PLACE / language / f"{picture.name}{end}.webp"
            try:
                _keep(self._seen(page, picture, language, phone=bool(end)), file)
            except Exception as error:  # a page that has changed: say which, and go on
                return [f"{file.relative_to(CHECKOUT)}: {str(error).splitlines()[0]}"]
            print(f"{file.relative_to(CHECKOUT)}  {file.stat().st_size:,} bytes", flush=True)
        return []

    def _seen(self, page: Page, picture: Picture, language: str, *, phone: bool) -> bytes:
        """Again where a busy machine was too slow."""
        tall = picture.tall_phone if phone else picture.tall
        for _try in range(TRIES - 1):
            try:
                return self._looked_at(page, picture, language, tall)
            except TimeoutError:
                continue
        return self._looked_at(page, picture, language, tall)

    def _looked_at(self, page: Page, picture: Picture, language: str, tall: int) -> bytes:
        answer = page.goto(picture.path.replace("{language}", language))
        if answer is None or not answer.ok:
            raise Unseen(f"{picture.path} answers {answer.status if answer else 'nothing'}")
        for step in picture.steps:
            _do(page, step)
        page.wait_for_load_state("networkidle")
        page.add_style_tag(content=HIDDEN)
        if picture.hide:
            page.add_style_tag(content=f"{picture.hide} {{ display: none !important }}")
        page.evaluate(MOVE_DATES)
        shown = page.locator(picture.show).first
        page.evaluate("window.scrollTo(0, 0)")
        box: Any = shown.bounding_box()
        clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": min(box["height"], tall)}
        return page.screenshot(clip=clip, full_page=True, animations="disabled")  # type: ignore[arg-type]


def _do(page: Page, step: dict[str, str]) -> None:
    if "click" in step:
        page.locator(step["click"]).first.click()
    elif "open" in step:
        page.goto(page.locator(step["open"]).first.get_attribute("href") or "")
    elif "fill" in step:
        page.locator(step["fill"]).first.fill(step["text"])
    page.wait_for_load_state()


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty paper right of and below what is there."""
    paper = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
    drawn = ImageChops.difference(picture, paper).getbbox() or (0, 0, *picture.size)
    right, below = (min(edge + MARGIN, size) for edge, size in zip(drawn[2:], picture.size, strict=True))
    return picture.crop((0, 0, right, below))


def _keep(png: bytes, file: Path) -> None:
    """Without loss where that is light enough."""
    picture = _trimmed(Image.open(io.BytesIO(png)).convert("RGB"))
    made = io.BytesIO()
    picture.save(made, "WEBP", lossless=True, method=6)
    if made.tell() > HEAVY_BYTES:
        made = io.BytesIO()
        picture.save(made, "WEBP", quality=80, method=6)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(made.getvalue())
