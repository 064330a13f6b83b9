// The keys. R and C belong to Streamlit and are never used.

const OUTCOMES = { N: "no_harm", E: "not_sure", A: "needs_answer", D: "already_answered" }
const SCROLLS = { ArrowDown: 60, ArrowUp: -60, PageDown: 0.9, PageUp: -0.9 }
// Where keys mean something else: fields, and whatever lies over the page.
const ELSEWHERE = "input:not([type=radio]), textarea, select, [contenteditable=true], [role=combobox], [role=textbox], [role=dialog]"

// A Latin letter or digit counts as itself, whatever the layout; where an input method or a layout
// gives something else (Vietnamese digits, French figures), the place on the board counts.
function keyOf(event) {
  if (event.key === "?") return "?"
  if (event.shiftKey) return null
  if (/^[a-z0-9]$/i.test(event.key)) return event.key.toUpperCase()
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1] ?? event.key
}

function onKey(desk, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !(event.key in SCROLLS)) return
  const target = event.composedPath()[0]
  if (desk.ui.help.open) {
    if (event.key === "?") { event.preventDefault(); toggleHelp(desk) }
    return
  }
  if (target instanceof Element && target.closest(ELSEWHERE)) {
    if (target === desk.ui.note && (event.key === "Escape" || event.key === "Enter") && !event.isComposing) {
      event.preventDefault()
      desk.ui.scroll.focus()
    }
    return
  }
  const act = actOf(desk, keyOf(event), target)
  if (!act) return
  event.preventDefault()
  desk.lastAct = Date.now()
  act()
}

function actOf(desk, key, target) {
  const digit = /^[1-9]$/.test(key ?? "") ? Number(key) : 0
  if (desk.panel === "several") return severalAct(desk, key, digit)
  if (desk.panel === "skips") {
    const reason = desk.data.skips[digit - 1]
    if (reason) return () => skip(desk, reason.id)
    return key === "S" || key === "Escape" ? () => toggleSkip(desk) : null
  }
  const policy = desk.data.policies[digit - 1]
  if (policy) return () => decide(desk, "violates", policy.id)
  const macro = desk.data.macros.find((one) => one.key === key)
  if (macro) return () => decideBy(desk, macro)
  if (Object.hasOwn(OUTCOMES, key ?? "")) return () => decide(desk, OUTCOMES[key])
  if (key in SCROLLS) return scrolling(desk, key, target)
  if (key === "Enter" && !desk.items.length && target === document.body) return () => goOn(desk)
  return {
    U: () => undo(desk), V: () => toggleCover(desk), T: () => toggleThread(desk),
    S: () => toggleSkip(desk), P: () => toggleSeveral(desk), W: () => toggleSample(desk),
    B: () => toggleRest(desk), M: () => desk.ui.note.focus(), "?": () => toggleHelp(desk),
  }[key] ?? null
}

function severalAct(desk, key, digit) {
  const policy = desk.data.policies[digit - 1]
  if (policy) return () => choose(desk, policy)
  return {
    P: () => toggleSeveral(desk), Escape: () => closePanel(desk),
    ArrowLeft: () => weigh(desk, -1), ArrowRight: () => weigh(desk, 1),
  }[key] ?? null
}

// The text scrolls from anywhere on the page, except where the arrows have a meaning already.
function scrolling(desk, key, target) {
  const box = desk.ui.scroll
  const taken = target instanceof Element && target.closest("[role=radio], [role=radiogroup], [role=option], summary")
  if (taken || box.scrollHeight <= box.clientHeight) return null
  const step = SCROLLS[key]
  return () => box.scrollBy({ top: Math.abs(step) < 1 ? step * box.clientHeight : step })
}
