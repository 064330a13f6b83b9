"""Going about a page by keys alone, and what a screen reader is told at each stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

# More stops than any page has before the focus is back where it began.
MOST_STOPS = 160
DRAWN_MS = 120
FADING_MS = 220
# The control that has the focus, also inside of a component; nothing when it is on the page itself.
FOCUSED = """(() => {
  let found = document.activeElement
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement
  return found === document.body ? null : found
})()"""
# Where it lies on the whole page, and what it looks like with all that surrounds it closely.
PLACE = """(one) => {
  const box = one.getBoundingClientRect(), main = one.getRootNode().host ?? one
  const scrolls = "[data-testid=stMain], [data-testid=stSidebarContent]"
  const scroll = main.parentElement?.closest(scrolls)
  const area = main.closest("[data-testid=stSidebar]") ? "sidebar"
    : main.closest("[data-testid=stMain]") ? "main" : "frame"
  const top = box.top + (scroll?.scrollTop ?? 0), left = box.left
  window.stops ??= []
  if (!window.stops.includes(one)) window.stops.push(one)
  return { area, top, left, bottom: top + box.height, right: left + box.width,
           number: window.stops.indexOf(one) }
}"""
STYLE = """(one) => {
  const said = []
  for (let at = one, n = 0; at instanceof Element && n < 4; n++, at = at.parentElement) {
    const { outline, boxShadow, borderColor, backgroundColor, opacity, textDecoration } =
      getComputedStyle(at)
    said.push([outline, boxShadow, borderColor, backgroundColor, opacity, textDecoration].join())
  }
  return said.join(";")
}"""


@dataclass(frozen=True, slots=True)
class Stop:
    """One place where the focus rests: what is read out, and where it lies on the page."""

    number: int
    name: str
    role: str
    area: str
    top: float
    left: float
    bottom: float
    right: float
    is_seen: bool = True

    def is_before(self, other: Stop) -> bool:
        """Say whether somebody who reads in lines and columns meets this one no later."""
        return other.bottom > self.top or other.left >= self.right


class Keys:
    """Keys pressed on one page, and nothing but keys."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._reader: CDPSession = page.context.new_cdp_session(page)
        self._reader.send("Accessibility.enable")

    def here(self) -> Stop | None:
        """Tell what a screen reader says of the control that has the focus."""
        found = self._reader.send("Runtime.evaluate", {"expression": FOCUSED})["result"]
        key = found.get("objectId")
        if key is None:
            return None
        wanted = {"objectId": key, "fetchRelatives": False}
        [node] = self._reader.send("Accessibility.getPartialAXTree", wanted)["nodes"][:1]
        place = self._on(key, PLACE)
        return Stop(
            name=" ".join(str(node.get("name", {}).get("value", "")).split()),
            role=str(node.get("role", {}).get("value", "")),
            **place,
        )

    def _on(self, key: str, script: str) -> dict[str, object]:
        asked = {
            "objectId": key,
            "functionDeclaration": f"function () {{ return ({script})(this) }}",
        }
        asked |= {"returnByValue": True}
        return self._reader.send("Runtime.callFunctionOn", asked)["result"]["value"]

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as fast as a person does."""
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(DRAWN_MS)

    def write(self, words: str) -> None:
        """Write into the field that has the focus."""
        self.page.keyboard.type(words)

    def to(self, name: str, role: str | None = None) -> Stop:
        """Press Tab until the control of this name has the focus; *name* may be its beginning."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            stop = self.here()
            if stop and stop.name.startswith(name) and role in {None, stop.role}:
                return stop
        message = f"{MOST_STOPS} presses of Tab do not lead to {name!r}"
        raise AssertionError(message)

    def walk(self) -> list[Stop]:
        """Press Tab until the focus has come round, and give its stops from the top of the page.

        Raises:
            AssertionError: It never comes round: something holds the focus.
        """
        self.page.evaluate("document.activeElement?.blur(); window.stops = []")
        found: list[Stop] = []
        top = 0
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.here()
            if stop is None:
                # Past the last control the focus is the browser's, then it begins at the top.
                top = len(found)
            elif stop.number < len(found):
                return found[top:] + found[:top]
            else:
                found.append(self._seen(stop))
        message = f"the focus does not come round within {MOST_STOPS} stops"
        raise AssertionError(message)

    def _seen(self, stop: Stop) -> Stop:
        """Note whether the control that has the focus looks another way without it."""
        # A ring that fades in is there after its transition.
        changes = self.page.evaluate(
            f"""async () => {{
              const style = {STYLE}, one = {FOCUSED}
              const soon = () => new Promise((done) => setTimeout(done, {FADING_MS}))
              await soon()
              const before = style(one)
              one.blur()
              await soon()
              const after = style(one)
              one.focus({{ focusVisible: true }})
              return before !== after
            }}"""
        )
        return Stop(**{**_fields(stop), "is_seen": bool(changes)})


def _fields(stop: Stop) -> dict[str, object]:
    return {name: getattr(stop, name) for name in Stop.__dataclass_fields__}
