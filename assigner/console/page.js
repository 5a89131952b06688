// The first page: it reads who is online and what waits, again at most once a second while something happens.
"use strict";

const SHOWN = 20; // contacts with their reasons; the first in line say enough
const TYPES = [
  "contact.queued", "contact.assigned", "contact.returned", "contact.moved", "contact.held", "contact.resumed",
  "contact.closed", "contact.abandoned", "agent.status", "agent.availability", "agent.changed", "agent.removed",
  "office.changed", "office.removed", "rules.published", "settings.changed", "resync",
];
const ORDER = ["online", "busy", "away", "offline"];
const $ = (id) => document.getElementById(id);
let me, labels, stream, isStale, isReading, lastReport = 0;

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

async function call(method, path, body) {
  const headers = body ? { "content-type": "application/json" } : {};
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const said = answer.status === 204 ? null : await answer.json();
  if (answer.ok) return said;
  throw Object.assign(new Error(said.detail), { status: answer.status });
}

// What the caller may not see, or what has gone meanwhile, is left out.
async function callQuietly(path, otherwise) {
  return call("GET", path).catch((error) => {
    if ([403, 404, 409].includes(error.status)) return otherwise;
    throw error;
  });
}

async function start() {
  try {
    me = await call("GET", "/v1/sessions/current");
    labels = (await call("GET", "/v1/statuses?language=en")).items;
  } catch (error) {
    if (error.status !== 401) setTimeout(start, 3000);
    return failed(error);
  }
  $("sign-in").hidden = true;
  $("signed-in").hidden = false;
  $("name").textContent = me.name;
  $("statuses").replaceChildren(...labels.map(({ status, label, sentence }) => {
    const button = element("button", status, dot(status), label);
    button.title = sentence;
    button.onclick = () => call("PUT", `/v1/agents/${encodeURIComponent(me.agent_id)}/status`, { status })
      .then(refresh).catch(failed);
    return button;
  }));
  stream = new EventSource("/v1/events");
  stream.onopen = () => { $("live").textContent = "live"; isStale = true; };
  stream.onerror = () => { $("live").textContent = "reconnecting…"; isStale = true; };
  for (const type of TYPES) stream.addEventListener(type, () => { isStale = true; });
  await refresh();
}

function failed(error) {
  if (error.status !== 401) {
    $("trouble").textContent = error.status ? error.message : "The service does not answer; trying again.";
    return;
  }
  stream?.close();
  me = undefined;
  $("trouble").textContent = "";
  $("signed-in").hidden = true;
  $("sign-in").hidden = false;
}

async function refresh() {
  if (isReading) return;
  [isReading, isStale] = [true, false];
  try {
    const [presence, offices, contacts] = await Promise.all([
      callQuietly("/v1/presence?limit=1000", { items: [] }),
      callQuietly("/v1/offices?limit=1000", { items: [] }),
      callQuietly(`/v1/contacts?state=queued&limit=${SHOWN}`, { items: [] }),
    ]);
    const why = await Promise.all(contacts.items.map(({ id }) =>
      callQuietly(`/v1/contacts/${encodeURIComponent(id)}/explanation?language=en`, null)));
    if (!me) return; // signed out meanwhile
    showOwnStatus(presence.items.find((row) => row.agent_id === me.agent_id));
    showOffices(offices.items, presence.items);
    showWaiting(contacts, why);
    $("trouble").textContent = "";
  } catch (error) {
    isStale = true;
    failed(error);
  } finally {
    isReading = false;
  }
}

const dot = (status) => element("span", `dot ${status}`);
const word = (status) => labels.find((each) => each.status === status)?.label ?? status[0].toUpperCase() + status.slice(1);

function showOwnStatus(row) {
  for (const button of $("statuses").children) button.ariaPressed = String(button.className === row?.status);
}

function showOffices(offices, rows) {
  const groups = offices.map(({ id, name }) => [name ?? id, rows.filter((row) => row.offices.some((o) => o.id === id)), id]);
  groups.push(["In no office", rows.filter((row) => !row.offices.length)]);
  $("offices").replaceChildren(...groups.filter(([, members]) => members.length).map(([name, members, id]) => {
    const online = members.filter((row) => row.status === "online").length;
    members.sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || a.name.localeCompare(b.name));
    const title = element("h3", "", name, element("span", "quiet", `${online} of ${members.length} online`));
    return element("div", "card", title, element("ul", "", ...members.map((row) => agent(row, id))));
  }));
}

function agent(row, office) {
  const isElsewhere = row.status === "online" && row.offices.some((each) => each.id === office && !each.available);
  const load = row.capacity === null ? row.open_contacts : `${row.open_contacts} of ${row.capacity}`;
  const held = element("span", "quiet load", row.takes_contacts ? load : "takes none");
  held.title = "open contacts";
  const status = element("span", "quiet", word(row.status) + (isElsewhere ? ", not for this office" : ""));
  return element("li", row.status, dot(row.status), element("span", "who", row.name), status, held);
}

function showWaiting(contacts, why) {
  const lines = contacts.items.map((contact, index) => ({ contact, why: why[index] }))
    .filter((line) => line.why?.state === "queued")
    .map(({ contact, why: { sentence } }) => {
      const time = element("time", "quiet", age(contact.queued_at));
      time.dateTime = contact.queued_at;
      const about = [contact.channel, contact.language].filter(Boolean).join(", ");
      const queue = element("span", "queue", contact.queue ?? "on hold");
      const top = element("div", "top", element("b", "", contact.id), queue, element("span", "quiet", about), time);
      return element("li", "card", top, element("p", "", sentence));
    });
  $("count").textContent = lines.length ? `${lines.length}${contacts.next_cursor ? " and more" : ""}` : "";
  const nothing = me.permissions.includes("contacts.write") ? "Nothing waits." : "Nothing waits in your queues.";
  $("waiting").replaceChildren(...(lines.length ? lines : [element("li", "quiet", nothing)]));
}

function age(since) {
  const seconds = Math.max(0, Math.round((Date.now() - new Date(since)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

function reportInput() {
  if (!me || Date.now() - lastReport < 30_000) return;
  lastReport = Date.now();
  call("POST", "/v1/sessions/current/activity", { age_ms: 0 }).catch(failed);
}

let seconds = 0;
setInterval(() => {
  if (!me) return;
  for (const time of document.querySelectorAll("time")) time.textContent = age(time.dateTime);
  // An agent is told of the own contacts only, so the queues are looked at anyway from time to time.
  if (isStale || ++seconds % 5 === 0) refresh();
}, 1000);
for (const input of ["pointerdown", "keydown", "scroll"]) addEventListener(input, reportInput, { passive: true });
$("sign-in").onsubmit = (event) => {
  event.preventDefault();
  $("refused").textContent = "";
  call("POST", "/v1/sessions", Object.fromEntries(new FormData($("sign-in"))))
    .then(() => { $("sign-in").reset(); return start(); })
    .catch((error) => { $("refused").textContent = error.status ? error.message : "The service does not answer."; });
};
$("sign-out").onclick = () => call("DELETE", "/v1/sessions/current").then(() => failed({ status: 401 })).catch(failed);
start();
