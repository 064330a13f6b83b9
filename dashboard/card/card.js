// The review card.
// Post text enters the page through textContent alone.
// Every decision carries the item, the claim and the version that were on screen; all messages
// that the server has not acknowledged travel with each send, so that a lost one is repaired by
// the next. The server answers each message once, by its uuid.

const DECIDE_KEYS = {
  KeyN: ["no_harm"], KeyE: ["not_sure"], KeyA: ["needs_answer"], KeyD: ["already_answered"],
}
const BEAT_MS = 60_000
const IDLE_MS = 300_000
const RESEND_MS = 4_000
const KEPT_DECISIONS = 20
const desks = new WeakMap()

export default function (component) {
  const { data, parentElement } = component
  let desk = desks.get(parentElement)
  if (!desk) {
    desk = makeDesk(parentElement)
    desks.set(parentElement, desk)
  }
  desk.send = (value) => component.setTriggerValue("batch", value)
  take(desk, data)
  return () => {
    document.removeEventListener("keydown", desk.onKey)
    window.removeEventListener("beforeunload", desk.onLeave)
    desk.timers.forEach(clearInterval)
    desks.delete(parentElement)
  }
}

function makeDesk(root) {
  const desk = {
    root: root.querySelector(".eh"), items: [], sent: new Map(), past: [], thread: null,
    uncovered: new Set(), gone: new Set(), count: 0, lastAct: Date.now(), data: null, panel: null,
    skew: 0, refused: [], note: "", shown: null,
  }
  desk.onKey = (event) => onKey(desk, event)
  desk.onLeave = (event) => { if (desk.sent.size) event.preventDefault() }
  document.addEventListener("keydown", desk.onKey)
  window.addEventListener("beforeunload", desk.onLeave)
  desk.timers = [
    setInterval(() => beat(desk), BEAT_MS),
    setInterval(() => { if (desk.sent.size) flush(desk) }, RESEND_MS),
    setInterval(() => tick(desk), 1000),
  ]
  return desk
}

// --- what the server says -------------------------------------------------------------------

function take(desk, data) {
  if (!data) return
  desk.data = data
  desk.skew = data.now - Date.now()
  for (const uuid of data.acks) desk.sent.delete(uuid)
  for (const no of data.refused) if (!desk.gone.has(no.uuid)) {
    desk.gone.add(no.uuid)
    desk.refused.push(no)
  }
  const known = new Set(desk.items.map(handle))
  const decided = new Set(desk.past.map((one) => handle(one.item)))
  const offered = new Map(data.items.map((item) => [handle(item), item]))
  const pending = new Set([...desk.sent.values()].filter((m) => m.item).map((m) => `${m.item}/${m.number}`))
  desk.items = desk.items.filter((item) => item.waiting || offered.has(handle(item)))
    .map((item) => offered.get(handle(item)) ?? item)
  for (const item of data.items) {
    const at = desk.items.findIndex((mine) => mine.waiting && mine.id === item.id)
    if (at >= 0) { desk.items[at] = item; continue }
    if (!known.has(handle(item)) && !decided.has(handle(item)) && !pending.has(handle(item))) {
      desk.items.push(item)
    }
  }
  if (data.thread) desk.thread = data.thread
  paint(desk)
}

const handle = (item) => `${item.id}/${item.number}`
const words = (desk) => desk.data.words

// --- what the reviewer does -----------------------------------------------------------------

function post(desk, message) {
  const uuid = crypto.randomUUID()
  desk.sent.set(uuid, { uuid, ...message })
  desk.lastAct = Date.now()
  flush(desk)
  return uuid
}

function flush(desk) {
  desk.count += 1
  desk.send({ n: desk.count, messages: [...desk.sent.values()] })
}

function decide(desk, outcome, policy) {
  const item = desk.items[0]
  if (!item || item.waiting) return
  desk.items.shift()
  const uuid = post(desk, {
    kind: "decide", item: item.id, number: item.number, version: item.version,
    outcome, policy: policy ?? null, note: desk.note,
  })
  desk.past.push({ uuid, item, outcome, policy })
  if (desk.past.length > KEPT_DECISIONS) desk.past.shift()
  desk.note = ""
  desk.panel = null
  paint(desk)
}

function undo(desk) {
  const last = desk.past.pop()
  if (!last) return
  desk.items.unshift({ ...last.item, waiting: true })
  post(desk, { kind: "undo", target: last.uuid })
  desk.panel = null
  paint(desk)
}

function skip(desk, reason) {
  const item = desk.items[0]
  if (!item || item.waiting) return
  desk.items.shift()
  post(desk, { kind: "skip", item: item.id, number: item.number, reason })
  desk.panel = null
  paint(desk)
}

function openThread(desk) {
  const item = desk.items[0]
  if (!item || item.waiting) return
  if (desk.thread && desk.thread.item === item.id) { desk.thread = null; paint(desk); return }
  post(desk, { kind: "thread", item: item.id, number: item.number })
}

function uncover(desk) {
  const item = desk.items[0]
  if (!item || !item.severe) return
  const id = handle(item)
  if (desk.uncovered.has(id)) desk.uncovered.delete(id)
  else desk.uncovered.add(id)
  paint(desk)
}

function beat(desk) {
  const item = desk.items[0]
  if (!item || document.hidden || Date.now() - desk.lastAct > IDLE_MS) return
  const held = desk.items.filter((one) => !one.waiting).map((one) => [one.id, one.number])
  const uuid = crypto.randomUUID()
  desk.sent.set(uuid, { uuid, kind: "beat", held })
  flush(desk)
}

function toggle(desk, panel) {
  desk.panel = desk.panel === panel ? null : panel
  paint(desk)
  if (desk.panel) desk.root.querySelector(".panel button, .panel h3")?.focus()
}

// Keys go by their place on the board, so that a Vietnamese input method does not swallow them.
// R and C belong to Streamlit and are never used.
function onKey(desk, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !desk.data) return
  const target = event.composedPath()[0]
  if (target instanceof Element && target.closest("input, textarea, select, [contenteditable=true], [role=combobox], [role=dialog]")) {
    if (event.key === "Escape") target.blur()
    return
  }
  const acts = {
    KeyU: () => undo(desk), KeyV: () => uncover(desk), KeyT: () => openThread(desk),
    KeyS: () => toggle(desk, "skip"), Escape: () => { desk.panel = null; paint(desk) },
    KeyM: () => desk.root.querySelector(".note input")?.focus(),
  }
  if (event.key === "?") acts.help = () => toggle(desk, "help")
  const digit = /^(Digit|Numpad)([1-9])$/.exec(event.code)
  let act = event.key === "?" ? acts.help : event.shiftKey ? null : acts[event.code]
  if (!act && digit && desk.panel === "skip") {
    const reason = desk.data.skips[digit[2] - 1]
    if (reason) act = () => skip(desk, reason.id)
  } else if (!act && digit && !event.shiftKey) {
    const policy = desk.data.policies[digit[2] - 1]
    if (policy) act = () => decide(desk, "violates", policy.id)
  } else if (!act && DECIDE_KEYS[event.code] && !event.shiftKey) {
    act = () => decide(desk, DECIDE_KEYS[event.code][0])
  }
  if (!act) return
  event.preventDefault()
  desk.lastAct = Date.now()
  act()
}

// --- what is on screen ----------------------------------------------------------------------

function make(tag, names, text, ...children) {
  const element = document.createElement(tag)
  if (names) element.className = names
  if (text !== null && text !== undefined) element.textContent = text
  element.append(...children.filter(Boolean))
  return element
}

function button(label, key, act, names = "") {
  const made = make("button", names)
  made.type = "button"
  made.onclick = act
  if (key) {
    const shown = make("kbd", "", key)
    shown.setAttribute("aria-hidden", "true")
    made.append(shown)
    made.setAttribute("aria-keyshortcuts", key)
  }
  made.append(make("span", "", label))
  return made
}

function paint(desk) {
  const say = words(desk)
  const item = desk.items[0]
  desk.root.lang = desk.data.lang
  const typed = desk.root.querySelector(".note input")
  const keepsFocus = typed && desk.root.getRootNode().activeElement === typed
  desk.root.replaceChildren(...[
    status(desk),
    ...desk.refused.slice(-3).map((no) => notice(desk, no)),
    item ? article(desk, item) : empty(desk),
    item ? actions(desk, item) : null,
    desk.panel === "skip" && item ? skipPanel(desk) : null,
    desk.panel === "help" ? helpPanel(desk) : null,
    item && desk.thread && desk.thread.item === item.id ? threadPanel(desk) : null,
  ].filter(Boolean))
  if (keepsFocus) desk.root.querySelector(".note input")?.focus()
  const shown = item ? handle(item) : ""
  if (shown !== desk.shown) {
    desk.shown = shown
    desk.root.dataset.item = item ? item.id : ""
    desk.root.dataset.paints = String(Number(desk.root.dataset.paints ?? 0) + 1)
  }
  void say
}

function status(desk) {
  const say = words(desk)
  const unsaved = [...desk.sent.values()].filter((one) => one.kind !== "beat").length
  const saved = make("span", unsaved ? "unsaved" : "saved",
    unsaved ? say.unsaved.replace("{n}", unsaved) : say.saved)
  const state = make("span", "state", null, saved)
  state.setAttribute("role", "status")
  const back = button(say.undo, "U", () => undo(desk), "quiet")
  back.disabled = !desk.past.length
  return make("div", "bar", null,
    state,
    make("span", "today", `${say.decided_today}: ${desk.data.today}`),
    make("span", "waiting", `${say.waiting}: ${desk.data.waiting}`),
    make("span", "grow"),
    back,
    button(say.keys, "?", () => toggle(desk, "help"), "quiet"))
}

function notice(desk, no) {
  const close = button(words(desk).dismiss, "", () => {
    desk.refused = desk.refused.filter((one) => one !== no)
    paint(desk)
  }, "quiet")
  const made = make("div", "notice", null, make("span", "", no.sentence), close)
  made.setAttribute("role", "alert")
  return made
}

function empty(desk) {
  const say = words(desk)
  const waits = desk.data.waiting > 0 || desk.sent.size > 0
  const made = make("div", "empty", null,
    make("h2", "", waits ? say.fetching : say.nothing),
    make("p", "", waits ? "" : say.nothing_lead))
  made.setAttribute("role", "status")
  return made
}

function article(desk, item) {
  const say = words(desk)
  const made = make("article", "post")
  const marks = item.flags.map((flag) => {
    const chip = make("span", `chip ${flag.band}`, null,
      make("b", "", flag.name), make("span", "", ` ${flag.band_name} · ${flag.origin}`))
    chip.title = flag.model || ""
    return chip
  })
  const heading = make("h2", "flags", null, ...marks)
  const facts = make("p", "facts", null, make("span", "", item.source), make("span", "", item.published),
    make("span", "", item.lang_name), countdown(desk, item))
  if (item.simulated) facts.append(make("span", "simulated", say.simulated))
  if (item.edited) facts.append(make("span", "edited", say.edited))
  made.append(heading, facts)
  if (item.name) {
    const title = make("h3", "name", item.name)
    title.dir = "auto"
    if (!item.severe || desk.uncovered.has(handle(item))) made.append(title)
  }
  made.append(item.severe && !desk.uncovered.has(handle(item)) ? cover(desk, item) : text(item))
  if (item.severe && desk.uncovered.has(handle(item))) {
    made.append(button(say.cover, "V", () => uncover(desk), "quiet"))
  }
  made.append(reasons(desk, item))
  if (item.waiting) made.append(make("p", "facts", say.taking_back))
  return made
}

function cover(desk, item) {
  const say = words(desk)
  return make("div", "cover", null, make("p", "", say.covered.replace("{labels}", item.flags.map((f) => f.name).join(", "))),
    button(say.uncover, "V", () => uncover(desk)))
}

// Offsets count code points, as Python does; a JavaScript string counts UTF-16 units.
function text(item) {
  const letters = Array.from(item.text)
  const shown = make("p", "text")
  shown.dir = "auto"
  shown.lang = item.lang
  let at = 0
  for (const [from, to, label] of item.spans) {
    if (from < at) continue
    shown.append(letters.slice(at, from).join(""))
    const mark = make("mark", "", letters.slice(from, to).join(""))
    mark.title = label
    shown.append(mark)
    at = to
  }
  shown.append(letters.slice(at).join(""))
  return shown
}

function reasons(desk, item) {
  const say = words(desk)
  const list = make("ul", "reasons")
  for (const reason of item.reasons) list.append(make("li", "", reason))
  return make("details", "why", null, make("summary", "", `${say.why} ${item.why}`), list)
}

function countdown(desk, item) {
  const made = make("span", "countdown")
  made.dataset.until = item.until
  writeLeft(desk, made)
  return made
}

function writeLeft(desk, element) {
  const left = Math.max(0, Math.floor((Number(element.dataset.until) - Date.now() - desk.skew) / 1000))
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`
  element.textContent = left ? words(desk).yours_for.replace("{clock}", clock) : words(desk).ended
  element.classList.toggle("soon", left < 120)
}

function tick(desk) {
  const shown = desk.root.querySelector(".countdown")
  if (shown && desk.data) writeLeft(desk, shown)
}

function actions(desk, item) {
  const say = words(desk)
  const flagged = new Set(item.flags.map((flag) => flag.label))
  const first = [["no_harm", "N"], ["not_sure", "E"], ["needs_answer", "A"], ["already_answered", "D"]]
    .map(([outcome, key]) => button(say[outcome], key, () => decide(desk, outcome), "outcome"))
  const harms = desk.data.policies.map((policy, at) =>
    button(policy.name, String(at + 1), () => decide(desk, "violates", policy.id),
      flagged.has(policy.id) ? "policy named" : "policy"))
  const rest = [button(say.thread, "T", () => openThread(desk), "quiet"),
    button(say.skip, "S", () => toggle(desk, "skip"), "quiet")]
  if (!item.has_thread) rest.shift()
  const bar = make("div", "actions")
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", say.decisions)
  bar.append(make("div", "row", null, ...first), make("div", "row grid", null, ...harms),
    make("div", "row", null, ...rest, note(desk)))
  for (const one of bar.querySelectorAll("button")) one.disabled = Boolean(item.waiting)
  return bar
}

function note(desk) {
  const input = make("input")
  input.type = "text"
  input.maxLength = 500
  input.value = desk.note
  input.placeholder = words(desk).note
  input.setAttribute("aria-label", words(desk).note)
  input.oninput = () => { desk.note = input.value }
  return make("label", "note", null, input)
}

function skipPanel(desk) {
  const say = words(desk)
  const choices = desk.data.skips.map((reason, at) =>
    button(reason.name, String(at + 1), () => skip(desk, reason.id)))
  const made = make("div", "panel", null, make("h3", "", say.skip_why), make("div", "row", null, ...choices))
  made.setAttribute("role", "group")
  return made
}

function helpPanel(desk) {
  const say = words(desk)
  const list = make("dl", "keys")
  const rows = [["1–9", say.key_policies], ["N", say.no_harm], ["E", say.not_sure], ["A", say.needs_answer],
    ["D", say.already_answered], ["U", say.undo], ["V", say.key_cover], ["T", say.thread], ["S", say.skip],
    ["M", say.note], ["?", say.keys]]
  for (const [key, meaning] of rows) {
    list.append(make("div", "", null, make("dt", "", null, make("kbd", "", key)), make("dd", "", meaning)))
  }
  return make("div", "panel", null, make("h3", "", say.keys), list)
}

function threadPanel(desk) {
  const say = words(desk)
  const made = make("section", "panel thread", null, make("h3", "", say.thread))
  for (const one of desk.thread.posts) {
    const body = make("p", "text", one.text ?? say.erased)
    body.dir = "auto"
    made.append(make("div", one.is_item ? "around this" : "around", null, make("span", "facts", one.published), body))
  }
  if (desk.thread.posts.length < 2) made.append(make("p", "facts", say.thread_alone))
  return made
}
