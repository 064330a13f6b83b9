// Several policies in one decision, each with its severity: numbers choose, arrows weigh.

const LOWEST = 1
const HIGHEST = 5

function buildSeveral(desk) {
  const say = desk.data.words
  const ui = desk.ui
  ui.chosen = desk.data.policies.map((policy, at) => {
    const made = button(policy.name, String(at + 1), () => choose(desk, policy))
    made.dataset.policy = policy.id
    made.append(make("span", "weight"))
    return made
  })
  ui.weighed = make("p", "small")
  ui.weighed.setAttribute("role", "status")
  ui.lighter = button("−", "", () => weigh(desk, -1))
  ui.lighter.setAttribute("aria-label", say.severity_less)
  ui.heavier = button("+", "", () => weigh(desk, 1))
  ui.heavier.setAttribute("aria-label", say.severity_more)
  ui.together = button(say.several_done, "P", () => toggleSeveral(desk), "main")
  ui.several = make("div", "choices several", null, make("h3", "", say.several), make("p", "", say.several_lead),
    make("div", "policies", null, ...ui.chosen),
    make("div", "weights", null, ui.lighter, ui.heavier, ui.weighed),
    make("div", "outcomes", null, ui.together, button(say.back, "Esc", () => closePanel(desk), "quiet")))
  ui.several.setAttribute("role", "group")
  ui.several.setAttribute("aria-label", say.several)
  return ui.several
}

// Opens the choice; the same key decides once something is chosen.
function toggleSeveral(desk) {
  if (desk.panel !== "several") {
    if (!current(desk)) return
    desk.several = new Map()
    desk.weighing = null
    openPanel(desk, "several")
    return
  }
  const named = [...desk.several]
  if (!named.length) { closePanel(desk); return }
  const [[policy, severity], ...also] = named
  if (decide(desk, "violates", policy, { severity, also })) closePanel(desk)
}

function choose(desk, policy) {
  if (desk.several.delete(policy.id)) {
    desk.weighing = [...desk.several.keys()].at(-1) ?? null
  } else {
    desk.several.set(policy.id, policy.severity)
    desk.weighing = policy.id
  }
  paint(desk)
}

function weigh(desk, step) {
  const before = desk.several.get(desk.weighing)
  if (!before) return
  desk.several.set(desk.weighing, Math.min(HIGHEST, Math.max(LOWEST, before + step)))
  paint(desk)
}

function paintSeveral(desk) {
  const { ui, data } = desk
  ui.several.classList.toggle("off", desk.panel !== "several")
  draw(desk, "several", [[...desk.several], desk.weighing], () => {
    for (const one of ui.chosen) {
      const severity = desk.several.get(one.dataset.policy)
      one.setAttribute("aria-pressed", String(Boolean(severity)))
      one.querySelector(".weight").textContent = severity ? String(severity) : ""
    }
    const policy = data.policies.find((one) => one.id === desk.weighing)
    ui.weighed.textContent = policy
      ? data.words.severity_of.replace("{name}", () => policy.name).replace("{severity}", desk.several.get(policy.id)) : ""
    for (const one of [ui.lighter, ui.heavier]) one.setAttribute("aria-disabled", String(!policy))
    ui.together.setAttribute("aria-disabled", String(!desk.several.size))
  })
}

// What lies over the decisions, and where the focus goes back to.
function openPanel(desk, name) {
  desk.panel = name
  desk.before = desk.shadow.activeElement
  paint(desk)
  desk.ui[name].querySelector("button").focus()
}

function closePanel(desk) {
  desk.panel = null
  paint(desk)
  desk.shadow.activeElement?.blur()
  desk.before?.focus()
}
