// The review card: what it holds, and what the server says.
// Post text enters the page through textContent alone.
// Every decision carries the item, the claim and the version that were on screen; all messages
// that the server has not acknowledged travel with each send, so that a lost one is repaired by
// the next. The server answers each message once, by its uuid.
// This file and its neighbours are joined into one module.

const BEAT_MS = 60_000
const RESEND_MS = 4_000
const TROUBLE_MS = 5_000
const AWAY_MS = 300_000
const KEPT_DECISIONS = 20
const MOST_NOTICES = 3
// Messages that leave the item on screen.
const LOOKS = new Set(["thread", "sample", "apart"])
const desks = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!data) return undefined
  let desk = desks.get(parentElement)
  if (!desk) {
    desk = makeDesk(parentElement, data)
    desks.set(parentElement, desk)
  }
  desk.send = (value) => setTriggerValue("batch", value)
  take(desk, data)
  // What an earlier page of this tab could not send goes out first.
  if (!desk.count && desk.unsent.size) flush(desk)
  // Streamlit also calls this for a run that a newer one overtook, with the card still there.
  return () => setTimeout(() => { if (!parentElement.host.isConnected) leave(desk) })
}

function makeDesk(shadow, data) {
  const desk = {
    shadow, data, send: () => {}, count: 0, skew: 0, lastAct: Date.now(),
    items: [], past: [], unsent: recall(data.person), notices: [], notes: new Map(),
    uncovered: new Set(), panel: null, thread: null, sample: null, shut: new Set(),
    several: new Map(), weighing: null, drawn: {}, seenMs: 0, seenFrom: null,
  }
  desk.root = make("section", "eh")
  shadow.append(desk.root)
  const listen = (target, name, act) => {
    target.addEventListener(name, act)
    desk.stops.push(() => target.removeEventListener(name, act))
  }
  const every = (pause, act) => {
    const timer = setInterval(act, pause)
    desk.stops.push(() => clearInterval(timer))
  }
  desk.stops = []
  listen(document, "keydown", (event) => onKey(desk, event))
  listen(window, "beforeunload", (event) => { if (work(desk).length) event.preventDefault() })
  listen(document, "visibilitychange", () => countSeen(desk))
  listen(window, "online", () => { if (desk.unsent.size) flush(desk) })
  every(BEAT_MS, () => beat(desk))
  every(RESEND_MS, () => { if (desk.unsent.size) flush(desk) })
  every(1000, () => tick(desk))
  const watch = new MutationObserver(putAway)
  watch.observe(document.body, { childList: true, subtree: true })
  desk.stops.push(() => watch.disconnect())
  return desk
}

// Streamlit tells of a lost line in a dialog over the page, which takes the keys. The card says it
// itself and goes on, so the dialog is put away; it does not come back until the line does.
function putAway() {
  const dialog = document.querySelector("[role=dialog]")
  if (dialog?.textContent.startsWith("Connection error")) dialog.querySelector("button[aria-label=Close]")?.click()
}

function leave(desk) {
  for (const stop of desk.stops) stop()
  desks.delete(desk.shadow)
}

// --- what the server says ---------------------------------------------------------------------

const handle = (item) => `${item.id}/${item.number}`

function take(desk, data) {
  const sameQueue = desk.data.queue === data.queue
  desk.data = data
  desk.skew = data.now - Date.now()
  for (const no of data.refused) if (desk.unsent.has(no.uuid)) takeRefusal(desk, no)
  for (const uuid of data.acks) desk.unsent.delete(uuid)
  remember(desk)
  const shown = desk.items[0]
  desk.items = queued(desk, data)
  const still = !shown || shown.undoing || desk.items.some((item) => item.id === shown.id)
  if (!still && sameQueue && !data.rest) notify(desk, shown.until <= data.now + 1000 ? "ended" : "withdrawn")
  if (data.thread) desk.thread = data.thread
  if (data.sample) takeSample(desk, data.sample)
  paint(desk)
}

function takeRefusal(desk, no) {
  const { message } = desk.unsent.get(no.uuid)
  desk.past = desk.past.filter((one) => one.uuid !== no.uuid)
  notify(desk, no.uuid, no.sentence, message.note)
}

// What is on screen stays in front and keeps its order; what the server adds comes behind.
function queued(desk, data) {
  if ([...desk.unsent.values()].some(({ message }) => message.kind === "rest")) return []
  const offered = new Map(data.items.map((item) => [item.id, item]))
  const busy = new Set([...desk.unsent.values()].filter(({ message }) => message.item && !LOOKS.has(message.kind))
    .map(({ message }) => handle({ id: message.item, number: message.number })))
  const kept = []
  for (const item of desk.items) {
    const fresh = offered.get(item.id)
    if (item.undoing && desk.unsent.has(item.undoing)) kept.push(item)
    else if (fresh && !busy.has(handle(fresh))) kept.push(fresh)
  }
  const mine = new Set(kept.map((item) => item.id))
  return [...kept, ...data.items.filter((item) => !mine.has(item.id) && !busy.has(handle(item)))]
}

// --- what survives a reload of this tab --------------------------------------------------------

const drawer = (person) => `evenhand.unsent.${person}`
const work = (desk) => [...desk.unsent.values()].filter(({ message }) => message.kind === "decide" || message.kind === "undo" || message.kind === "skip")

function recall(person) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(drawer(person)) ?? "[]")
    return new Map(kept.map((message) => [message.uuid, { message, at: Date.now() }]))
  } catch {
    // A browser that keeps nothing, or something that is not ours: begin with nothing.
    return new Map()
  }
}

function remember(desk) {
  const kept = JSON.stringify(work(desk).map(({ message }) => message))
  if (kept === desk.kept) return
  desk.kept = kept
  try {
    sessionStorage.setItem(drawer(desk.data.person), kept)
  } catch {
    // Storage is full or forbidden: the warning before leaving the page remains.
  }
}
