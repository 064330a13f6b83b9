// A wave: the card's post stands for many, of which a random sample is opened before a decision.

const isUnread = (desk, item) =>
  Boolean(item.wave) && !item.wave.sampled && desk.sample?.item !== item.id

function toggleSample(desk) {
  const item = current(desk)
  if (!item?.wave) return
  if (isOpen(desk, "sample", item)) { shut(desk, "sample", item); return }
  reopen(desk, "sample", item)
  post(desk, { kind: "sample", item: item.id, number: item.number })
}

// What was asked for is read next: the sample comes into sight, and the reminder goes.
function takeSample(desk, sample) {
  const isNew = desk.sample?.item !== sample.item
  desk.sample = sample
  if (!isNew) return
  desk.notices = desk.notices.filter((one) => one.id !== "wave_unread")
  desk.looking = "sample"
}

function showSample(desk) {
  if (desk.looking !== "sample") return
  const place = desk.ui.scroll.querySelector(".wave")
  if (!place || !desk.ui.scroll.querySelector(".sample")) return
  desk.looking = null
  desk.ui.scroll.scrollTop = place.offsetTop - desk.ui.scroll.offsetTop
}

function part(desk, item, copy) {
  post(desk, { kind: "apart", item: item.id, number: item.number, copy: copy.id })
  desk.ui.scroll.focus()
}

function waveOf(desk, item) {
  const say = desk.data.words
  const open = isOpen(desk, "sample", item)
  const asked = isUnread(desk, item) ? make("p", "", item.wave.ask) : null
  const shown = button(say.wave_open, "W", () => toggleSample(desk))
  shown.setAttribute("aria-expanded", String(open))
  return make("section", "wave", null, make("h3", "", item.wave.title), make("p", "", item.wave.lead), asked, shown)
}

function sampleOf(desk, item, covered) {
  const say = desk.data.words
  const { copies, parted } = desk.sample
  const differs = copies.some((copy) => copy.pieces.length)
  const said = make("p", "small", parted)
  said.setAttribute("role", "status")
  return make("section", "thread sample", null, make("h3", "", say.wave_sample),
    differs && !covered ? make("p", "small", say.wave_marks) : null, said,
    ...copies.map((copy) => copyOf(desk, item, copy, covered)))
}

function copyOf(desk, item, copy, covered) {
  const body = make("p", "text", covered ? desk.data.words.covered : null)
  body.dir = "auto"
  if (!covered) body.append(...copy.pieces.length ? runs(copy.pieces) : [copy.text])
  const apart = button(copy.apart, "", () => part(desk, item, copy))
  return make("div", "around", null, make("small", "", copy.place), body,
    copy.same && !covered ? make("p", "small", copy.same) : null, apart)
}

// Words that are new or gone, with a space between runs as the text has one.
function runs(pieces) {
  const tags = { new: "ins", gone: "del" }
  return pieces.flatMap(([words, kind], at) => [
    ...at ? [" "] : [], kind in tags ? make(tags[kind], "", words) : words,
  ])
}
