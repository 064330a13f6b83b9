// What the reviewer does, and what happens by itself.

function post(desk, message) {
  const uuid = crypto.randomUUID()
  desk.unsent.set(uuid, { message: { uuid, ...message }, at: Date.now() })
  desk.lastAct = Date.now()
  remember(desk)
  flush(desk)
  return uuid
}

function flush(desk) {
  desk.count += 1
  desk.send({ n: desk.count, messages: [...desk.unsent.values()].map(({ message }) => message) })
}

// The item on screen, if it can be acted on.
function current(desk) {
  const item = desk.items[0]
  return item && !item.undoing ? item : null
}

// Says whether it was decided: a wave is not before its sample was opened.
function decide(desk, outcome, policy = null, more = {}) {
  const item = current(desk)
  if (!item) return false
  if (isUnread(desk, item)) {
    notify(desk, "wave_unread")
    announce(desk, desk.data.words.wave_unread)
    paint(desk)
    return false
  }
  desk.items.shift()
  const uuid = post(desk, {
    kind: "decide", item: item.id, number: item.number, version: item.version,
    outcome, policy, ...more, note: desk.notes.get(item.id) ?? "", seen_s: seenSeconds(desk),
  })
  desk.past.push({ uuid, item, at: Date.now() })
  if (desk.past.length > KEPT_DECISIONS) desk.past.shift()
  desk.panel = null
  paint(desk)
  return true
}

// One key for a decision and the beginning of a response.
function decideBy(desk, macro) {
  const [policy = null, ...others] = macro.policies
  decide(desk, macro.outcome, policy, { also: others.map((one) => [one, null]), macro: macro.id })
}

function lastDecision(desk) {
  const last = desk.past.at(-1)
  return last && !resting(desk) && Date.now() - last.at < desk.data.undo_s * 1000 ? last : null
}

function undo(desk) {
  const last = lastDecision(desk)
  if (!last) { announce(desk, desk.data.words.nothing_to_undo); return }
  desk.past.pop()
  const uuid = post(desk, { kind: "undo", target: last.uuid })
  desk.items.unshift({ ...last.item, undoing: uuid })
  desk.panel = null
  paint(desk)
}

function skip(desk, reason) {
  const item = current(desk)
  if (!item) return
  desk.items.shift()
  post(desk, { kind: "skip", item: item.id, number: item.number, reason, seen_s: seenSeconds(desk) })
  closePanel(desk)
}

function toggleThread(desk) {
  const item = current(desk)
  if (!item) return
  if (isOpen(desk, "thread", item)) { shut(desk, "thread", item); return }
  reopen(desk, "thread", item)
  post(desk, { kind: "thread", item: item.id, number: item.number })
}

function toggleCover(desk) {
  const item = desk.items[0]
  if (!item?.severe) return
  const id = handle(item)
  if (!desk.uncovered.delete(id)) desk.uncovered.add(id)
  paint(desk)
}

function toggleSkip(desk) {
  if (desk.panel === "skips") closePanel(desk)
  else if (current(desk)) openPanel(desk, "skips")
}

function toggleHelp(desk) {
  if (desk.ui.help.open) desk.ui.help.close()
  else desk.ui.help.showModal()
}

function goOn(desk) {
  if (!desk.items.length && desk.data.away) post(desk, { kind: "more" })
}

// A break: what is held goes back to the queue, and nothing comes until it ends.
function resting(desk) {
  const { rest } = desk.data
  return Boolean(rest) && rest.until > Date.now() + desk.skew
}

function toggleRest(desk) {
  if (resting(desk)) {
    post(desk, { kind: "go_on" })
  } else {
    desk.items = []
    desk.panel = null
    post(desk, { kind: "rest" })
  }
  paint(desk)
}

// How long the item has been in sight: a tab in the background is read by nobody.
function countSeen(desk) {
  const now = performance.now()
  if (desk.seenFrom !== null) desk.seenMs += now - desk.seenFrom
  desk.seenFrom = document.hidden || !desk.items.length ? null : now
}

function seenSeconds(desk) {
  countSeen(desk)
  return Math.round(desk.seenMs) / 1000
}

// A sign of life keeps the claims, as long as somebody is here.
function beat(desk) {
  const pending = [...desk.unsent.values()].some(({ message }) => message.kind === "beat")
  if (!desk.items.length || pending || document.hidden || isIdle(desk)) return
  const uuid = crypto.randomUUID()
  const held = desk.items.filter((item) => !item.undoing).map(({ id, number }) => ({ item: id, number }))
  desk.unsent.set(uuid, { message: { uuid, kind: "beat", held }, at: Date.now() })
  flush(desk)
}

const isIdle = (desk) => Date.now() - desk.lastAct > AWAY_MS

// Once a second: the countdown, claims that ran out, the state of the line.
function tick(desk) {
  const now = Date.now() + desk.skew
  const shown = desk.items[0]
  const ended = desk.items.filter((item) => !item.undoing && item.until <= now)
  if (ended.length) {
    desk.items = desk.items.filter((item) => !ended.includes(item))
    if (ended.includes(shown)) notify(desk, "ended")
    if (!isIdle(desk)) post(desk, { kind: "more" })
  }
  paint(desk)
}

// The same sentence again is counted, not repeated.
function notify(desk, id, sentence = desk.data.words[id], note = "") {
  const same = desk.notices.find((one) => one.sentence === sentence && one.note === note)
  const times = (same?.times ?? 0) + 1
  const others = desk.notices.filter((one) => one !== same)
  desk.notices = [...others, { id, sentence, note, times }].slice(-MOST_NOTICES)
}

function inTrouble(desk) {
  const oldest = work(desk)[0]
  return Boolean(oldest) && Date.now() - oldest.at > TROUBLE_MS
}
