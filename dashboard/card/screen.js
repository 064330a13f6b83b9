// What is on screen. All parts are made once and filled again: buttons keep their place and focus.

function make(tag, names = "", text = null, ...children) {
  const element = document.createElement(tag)
  if (names) element.className = names
  if (text !== null) element.textContent = text
  element.append(...children.filter(Boolean))
  return element
}

function button(label, key, act, names = "") {
  const made = make("button", names)
  made.type = "button"
  made.addEventListener("click", act)
  if (key) {
    const shown = make("kbd", "", key)
    shown.setAttribute("aria-hidden", "true")
    made.setAttribute("aria-keyshortcuts", key)
    made.append(shown)
  }
  made.append(make("span", "label", label))
  return made
}

function build(desk) {
  const say = desk.data.words
  const ui = desk.ui = { lang: desk.data.lang, macros: JSON.stringify(desk.data.macros), choices: [] }
  desk.drawn = {}
  ui.bar = buildBar(desk)
  ui.notices = make("div", "notices")
  ui.post = buildPost(desk)
  ui.side = make("div", "side", null, buildChoices(desk), buildSeveral(desk), buildSkips(desk))
  ui.desk = make("div", "desk", null, ui.post, ui.side)
  ui.empty = make("div", "empty")
  ui.live = make("p", "unseen")
  ui.live.setAttribute("role", "status")
  ui.help = buildHelp(desk)
  desk.root.lang = desk.data.lang
  desk.root.replaceChildren(ui.bar, ui.desk, ui.empty, ui.live, ui.help)
}

function buildBar(desk) {
  const say = desk.data.words
  const ui = desk.ui
  ui.saved = make("span", "saved")
  ui.decided = make("b")
  ui.waiting = make("b")
  ui.undo = button(say.undo, "U", () => undo(desk), "quiet")
  ui.rest = button(say.take_rest, "B", () => toggleRest(desk), "quiet")
  return make("div", "bar", null, ui.saved,
    make("span", "count", null, ui.decided, ` ${say.decided}`),
    make("span", "count", null, ui.waiting, ` ${say.waiting}`),
    make("div", "tools", null, ui.undo, ui.rest, button(say.keys, "?", () => toggleHelp(desk), "quiet")))
}

function buildPost(desk) {
  const ui = desk.ui
  ui.flags = make("h2", "flags")
  ui.facts = make("p", "facts")
  ui.clock = make("span", "clock")
  ui.scroll = make("div", "scroll")
  ui.scroll.tabIndex = 0
  ui.scroll.setAttribute("role", "region")
  ui.scroll.setAttribute("aria-label", desk.data.words.post)
  ui.why = make("div", "why")
  return make("article", "post", null,
    make("header", "", null, ui.flags, make("div", "line", null, ui.facts, ui.clock), ui.why),
    ui.scroll, buildFoot(desk))
}

function buildFoot(desk) {
  const say = desk.data.words
  const ui = desk.ui
  ui.thread = button(say.thread, "T", () => toggleThread(desk), "quiet")
  ui.skip = button(say.skip, "S", () => toggleSkip(desk), "quiet")
  ui.note = make("input", "note")
  ui.note.type = "text"
  ui.note.maxLength = 500
  ui.note.placeholder = say.note
  ui.note.setAttribute("aria-label", say.note)
  ui.note.setAttribute("aria-keyshortcuts", "M")
  ui.note.addEventListener("input", () => {
    desk.lastAct = Date.now()
    if (desk.items[0]) desk.notes.set(desk.items[0].id, ui.note.value)
  })
  const key = make("kbd", "", "M")
  key.setAttribute("aria-hidden", "true")
  return make("footer", "", null, ui.thread, ui.skip, key, ui.note)
}

function buildChoices(desk) {
  const say = desk.data.words
  const outcomes = Object.entries(OUTCOMES).map(([key, outcome]) =>
    button(say[outcome], key, () => decide(desk, outcome)))
  const policies = desk.data.policies.map((policy, at) => {
    const made = button(policy.name, String(at + 1), () => decide(desk, "violates", policy.id))
    made.dataset.policy = policy.id
    made.append(make("span", "unseen named-only", ` (${say.flagged_for})`))
    return made
  })
  const macros = desk.data.macros.map((macro) => button(macro.name, macro.key, () => decideBy(desk, macro)))
  desk.ui.choices = [...outcomes, ...policies, ...macros]
  desk.ui.decisions = make("div", "choices", null,
    make("h3", "", say.outcomes), make("div", "outcomes", null, ...outcomes),
    make("h3", "", say.violates), make("div", "policies", null, ...policies),
    button(say.several, "P", () => toggleSeveral(desk), "quiet"),
    macros.length ? make("h3", "", say.macros) : null, macros.length ? make("div", "outcomes", null, ...macros) : null)
  desk.ui.decisions.setAttribute("role", "group")
  desk.ui.decisions.setAttribute("aria-label", say.decisions)
  return desk.ui.decisions
}

function buildSkips(desk) {
  const say = desk.data.words
  const reasons = desk.data.skips.map((reason, at) =>
    button(reason.name, String(at + 1), () => skip(desk, reason.id)))
  desk.ui.skips = make("div", "choices skips", null, make("h3", "", say.skip_why), make("p", "", say.skip_lead),
    make("div", "policies", null, ...reasons), button(say.back, "S", () => toggleSkip(desk), "quiet"))
  desk.ui.skips.setAttribute("role", "group")
  desk.ui.skips.setAttribute("aria-label", say.skip_why)
  return desk.ui.skips
}

function buildHelp(desk) {
  const say = desk.data.words
  const row = (key, meaning, more = "") => make("div", "", null,
    make("dt", "", null, make("kbd", "", key)),
    make("dd", "", null, make("b", "", meaning), more && make("span", "", more)))
  const keys = make("dl", "", null,
    ...Object.entries(OUTCOMES).map(([key, outcome]) => row(key, say[outcome])),
    row("U", say.undo), row("V", say.key_cover), row("T", say.thread), row("S", say.skip),
    row("P", say.several), row("W", say.wave_open), ...desk.data.macros.map((macro) => row(macro.key, macro.name, say.macro)),
    row("B", say.take_rest), row("M", say.key_note), row("↑ ↓", say.key_scroll))
  const numbers = make("dl", "wide", null,
    ...desk.data.policies.map((policy, at) => row(String(at + 1), policy.name, policy.means)))
  // First, so that the focus that it takes does not scroll the list away.
  const head = make("div", "head", null, make("h2", "", say.keys_title),
    button(say.close, "?", () => toggleHelp(desk), "quiet"))
  const made = make("dialog", "help", null, head, keys, make("h3", "", say.key_policies), numbers)
  made.setAttribute("aria-label", say.keys_title)
  return made
}

// --- filling -----------------------------------------------------------------------------------

// Fill *part* only when what it shows has changed: a selection or an open list stays as it is.
function draw(desk, name, seen, fill) {
  const mark = JSON.stringify(seen)
  if (desk.drawn[name] === mark) return
  desk.drawn[name] = mark
  fill()
}

function paint(desk) {
  if (desk.ui?.lang !== desk.data.lang || desk.ui.macros !== JSON.stringify(desk.data.macros)) build(desk)
  const { ui, data } = desk
  const item = desk.items[0]
  const idle = item ? null : idleState(desk)
  const focused = desk.shadow.activeElement
  const inside = ui.desk.contains(focused)
  paintBar(desk)
  ui.desk.classList.toggle("quietly", Boolean(item?.undoing) || idle === "fetching")
  ui.desk.hidden = idle === "nothing" || idle === "away" || idle === "rest"
  draw(desk, "empty", [ui.desk.hidden && idle, data.waiting_shown, data.rest], () => fillEmpty(desk, ui.desk.hidden && idle))
  const covered = isCovered(desk, item)
  draw(desk, "head", [item && { ...item, until: 0 }, covered], () => fillHead(desk, item, covered))
  paintNotices(desk)
  draw(desk, "post", [item && { ...item, until: 0 }, covered, idle, openPart(desk, "thread", item), openPart(desk, "sample", item)],
    () => fillPost(desk, item, covered, idle))
  paintClock(desk, item)
  paintRest(desk)
  paintSide(desk, item)
  const shown = item ? handle(item) : ""
  if (desk.drawn.shown !== shown) {
    desk.drawn.shown = shown
    desk.seenMs = 0
    desk.seenFrom = null
    countSeen(desk)
    ui.scroll.scrollTop = 0
    // For whoever measures: which item is on screen.
    desk.root.dataset.item = item ? item.id : ""
    announce(desk, spoken(desk, item, idle))
  }
  showSample(desk)
  if (ui.desk.hidden && (inside || focused === ui.rest && idle === "rest")) ui.empty.querySelector("h2").focus()
  else if (!ui.desk.hidden && !desk.shadow.activeElement && focused) ui.scroll.focus()
}

const openPart = (desk, name, item) => isOpen(desk, name, item) && desk[name]

function idleState(desk) {
  if (resting(desk)) return "rest"
  if (desk.data.waiting > 0) return desk.data.away ? "away" : "fetching"
  return work(desk).length ? "fetching" : "nothing"
}

function paintBar(desk) {
  const { ui, data } = desk
  const unsaved = work(desk).length
  draw(desk, "saved", [unsaved], () => {
    ui.saved.className = unsaved ? "saved unsaved" : "saved"
    ui.saved.textContent = unsaved ? data.words.unsaved.replace("{n}", unsaved) : data.words.saved
  })
  ui.decided.textContent = data.decided_shown
  ui.waiting.textContent = data.waiting_shown
  ui.undo.disabled = !lastDecision(desk)
  ui.rest.hidden = resting(desk)
}

// They lie over the post, above its foot: a message must not move the button under a pointer.
function paintNotices(desk) {
  const { ui } = desk
  const say = desk.data.words
  const place = ui.desk.hidden ? ui.empty : ui.post
  if (ui.notices.parentElement !== place) place.append(ui.notices)
  const trouble = inTrouble(desk)
  draw(desk, "notices", [desk.notices, trouble && work(desk).length], () => {
    const shown = desk.notices.map((one) => notice(desk, one))
    if (trouble) shown.unshift(notice(desk, { sentence: say.offline.replace("{n}", work(desk).length), note: "" }))
    ui.notices.replaceChildren(...shown)
  })
}

function notice(desk, one) {
  const note = one.note ? make("p", "", desk.data.words.your_note.replace("{note}", () => one.note)) : null
  const said = one.times > 1 ? `${one.times} × ${one.sentence}` : one.sentence
  const made = make("div", "notice", null, make("div", "", null, make("p", "", said), note))
  made.setAttribute("role", "alert")
  if (one.id) {
    made.append(button(desk.data.words.dismiss, "", () => {
      desk.notices = desk.notices.filter((other) => other !== one)
      paint(desk)
      desk.ui.scroll.focus()
    }, "quiet"))
  }
  return made
}

function fillEmpty(desk, state) {
  const { ui, data } = desk
  const say = data.words
  ui.empty.hidden = !state
  if (!state) return
  if (state === "rest") { fillRest(desk); return }
  const heading = make("h2", "", state === "away" ? say.away : say.nothing)
  heading.tabIndex = -1
  const lead = state === "away" ? say.away_lead.replace("{n}", data.waiting_shown) : say.nothing_lead
  ui.empty.replaceChildren(heading, make("p", "", lead))
  if (state === "away") ui.empty.append(button(say.go_on, "", () => goOn(desk), "main"))
}

function fillRest(desk) {
  const { ui, data } = desk
  const say = data.words
  const heading = make("h2", "", say.rest)
  heading.tabIndex = -1
  ui.left = make("p", "left")
  ui.empty.replaceChildren(heading, make("p", "", data.rest.by_timer ? say.rest_asked : say.rest_taken), ui.left,
    button(say.end_rest, "B", () => toggleRest(desk)))
}

// The time is no news: whoever listens hears it once, with the heading.
function paintRest(desk) {
  if (!resting(desk)) return
  const left = Math.ceil((desk.data.rest.until - Date.now() - desk.skew) / 1000)
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
  desk.ui.left.textContent = desk.data.words.rest_left.replace("{clock}", clock)
}

const isCovered = (desk, item) => Boolean(item?.severe) && !desk.uncovered.has(handle(item))

function fillHead(desk, item, covered) {
  const { ui, data } = desk
  const facts = item ? [item.source, item.published, item.lang_name] : []
  ui.flags.replaceChildren(...(item?.flags ?? []).map(chip))
  ui.facts.replaceChildren(...facts.map((fact) => make("span", "", fact)))
  if (item?.wave) ui.facts.prepend(make("span", "copies", item.wave.title))
  if (item?.simulated) ui.facts.append(make("span", "", data.words.simulated))
  if (item?.edited) ui.facts.append(make("span", "edited", data.words.edited))
  ui.why.replaceChildren(...item ? [reasons(desk, item, covered)] : [])
}

function fillPost(desk, item, covered, idle) {
  const say = desk.data.words
  if (!item) {
    desk.ui.scroll.replaceChildren(make("p", "pending", idle === "fetching" ? say.fetching : ""))
    return
  }
  desk.ui.scroll.replaceChildren(...[
    item.undoing ? make("p", "pending", say.taking_back) : null,
    item.opinions ? opinions(item) : null,
    ...covered ? [cover(desk, item)] : [title(item), text(desk, item)],
    ...covered ? [] : item.statements.map((one) => statement(desk, one)),
    item.severe && !covered ? button(say.cover, "V", () => toggleCover(desk), "quiet") : null,
    item.help ? helpLines(desk, item.help) : null,
    item.wave ? waveOf(desk, item) : null,
    isOpen(desk, "sample", item) ? sampleOf(desk, item, covered) : null,
    isOpen(desk, "thread", item) ? threadOf(desk, covered) : null,
  ].filter(Boolean))
}

function chip(flag) {
  const strong = flag.strong ? "chip strong" : "chip"
  return make("span", strong, null, make("b", "", flag.name), flag.detail && make("small", "", flag.detail))
}

function paintClock(desk, item) {
  const { ui, data } = desk
  const left = item && !item.undoing ? Math.max(0, Math.floor((item.until - Date.now() - desk.skew) / 1000)) : 0
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
  ui.clock.textContent = left ? data.words.yours_for.replace("{clock}", clock) : ""
  ui.clock.classList.toggle("soon", left > 0 && left < 120)
}

function paintSide(desk, item) {
  const { ui } = desk
  const busy = !current(desk)
  // All keep their place, so that nothing moves.
  ui.decisions.classList.toggle("off", Boolean(desk.panel))
  ui.skips.classList.toggle("off", desk.panel !== "skips")
  paintSeveral(desk)
  draw(desk, "side", [busy, item?.flags], () => {
    const labels = new Set((item?.flags ?? []).map((flag) => flag.label))
    for (const one of ui.choices) {
      // Not `disabled`: a disabled button would lose the focus between two items.
      one.setAttribute("aria-disabled", String(busy))
      one.classList.toggle("named", labels.has(one.dataset.policy))
    }
  })
  ui.thread.setAttribute("aria-expanded", String(isOpen(desk, "thread", item)))
  const note = (item && desk.notes.get(item.id)) ?? ""
  if (ui.note.value !== note) ui.note.value = note
}

// --- speaking ----------------------------------------------------------------------------------

function spoken(desk, item, idle) {
  const say = desk.data.words
  if (!item) return idle === "fetching" ? "" : say[idle]
  const labels = item.flags.map((flag) => flag.name).join(", ")
  if (isCovered(desk, item)) return `${say.covered}. ${item.summary}`
  const read = [item.name, ...item.pieces.map(([piece]) => piece)].join(" ")
  return `${labels}. ${read.slice(0, 500)}`
}

// Spoken after a moment: quick decisions must not fill the reader's queue.
function announce(desk, words) {
  clearTimeout(desk.speaking)
  desk.speaking = setTimeout(() => { desk.ui.live.textContent = words }, 250)
}
