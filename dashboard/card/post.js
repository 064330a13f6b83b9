// The parts of a post: its cover, text, reasons, statements, help and conversation.

function cover(desk, item) {
  const say = desk.data.words
  return make("div", "cover", null, make("h3", "", say.covered), make("p", "gist", item.summary),
    button(say.uncover, "V", () => toggleCover(desk)), make("p", "small", say.covered_lead))
}

// What two reviewers said who did not agree: a third person reads it here, without names.
function opinions(item) {
  const lines = item.opinions.lines.map((line) => make("p", "", line))
  return make("section", "statement", null, make("h3", "", item.opinions.title), ...lines)
}

function title(item) {
  if (!item.name) return null
  const made = make("h3", "name", item.name)
  made.dir = "auto"
  return made
}

function text(desk, item) {
  const shown = make("p", "text")
  shown.dir = "auto"
  shown.lang = item.lang
  for (const [words, label] of item.pieces) {
    const piece = label ? make("mark", "", words) : words
    if (label) piece.title = label
    shown.append(piece)
  }
  if (!item.pieces.length) return make("p", "pending", desk.data.words.no_text)
  return item.left ? make("div", "", null, shown, make("p", "small", item.left)) : shown
}

function reasons(desk, item, covered) {
  const say = desk.data.words
  const lines = item.reasons.filter((reason) => !(covered && reason.quotes))
  const list = make("ul", "", null, ...lines.map((reason) => make("li", "", reason.text)))
  if (lines.length < item.reasons.length) list.append(make("li", "", say.hidden_reasons))
  return make("details", "", null, make("summary", "", null, make("b", "", say.why), ` ${item.why}`), list)
}

// Where somebody in danger finds help: the settings of the workspace name it.
function helpLines(desk, lines) {
  const list = make("dl", "", null, ...lines.flatMap((one) => [make("dt", "", one.name), make("dd", "", one.contact)]))
  return make("section", "statement helplines", null, make("h3", "", desk.data.words.help_lines), list)
}

// What the team's list says of the claim that the post repeats; an address stays plain text.
function statement(desk, one) {
  const say = desk.data.words
  const made = make("section", "statement", null, make("h3", "", one.title))
  const parts = make("dl", "")
  for (const [name, words] of [["claim", one.claim], ["truth", one.truth], ["source", one.source]]) {
    const shown = make("dd", "", words)
    shown.dir = "auto"
    parts.append(make("dt", "", say[`statement_${name}`]), shown)
  }
  made.append(parts)
  return made
}

function threadOf(desk, covered) {
  const say = desk.data.words
  const { posts } = desk.thread
  const made = make("section", "thread", null, make("h3", "", say.thread_title))
  for (const one of posts) {
    const body = make("p", "text", covered ? say.covered : one.text)
    body.dir = "auto"
    const when = one.is_item ? `${one.published} · ${say.this_post}` : one.published
    made.append(make("div", one.is_item ? "around this" : "around", null, make("small", "", when), body))
  }
  if (posts.length < 2) made.append(make("p", "small", say.thread_alone))
  return made
}

// Some parts open and shut; what was shut stays shut until it is asked for.

const placeOf = (name, item) => `${name}/${handle(item)}`
const isOpen = (desk, name, item) => Boolean(item) && desk[name]?.item === item.id && !desk.shut.has(placeOf(name, item))

function shut(desk, name, item) {
  desk.shut.add(placeOf(name, item))
  paint(desk)
}

function reopen(desk, name, item) {
  desk.shut.delete(placeOf(name, item))
}
