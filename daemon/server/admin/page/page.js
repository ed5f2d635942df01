"use strict";

// Asks once a second what there is, and shows the difference to the time before. Names and addresses
// come from strangers: they become text, and never markup.

const POINTS = 60;
const history = new Map();
let before = null;

function cell(row, text, className) {
  const td = row.insertCell();
  td.textContent = text;
  if (className) td.className = className;
  return td;
}

function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${unit && count < 100 ? count.toFixed(1) : Math.round(count)} ${units[unit]}`;
}

function duration(seconds) {
  if (seconds === 0) return "-";
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${(seconds * 1e3).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

// The bound below which `share` of what came since the time before is; null if nothing came.
function quantile(now, then, share) {
  const count = now.count - (then ? then.count : 0);
  if (count <= 0) return null;
  const reached = now.buckets.find(
    ([, below], i) => below - (then ? then.buckets[i][1] : 0) >= share * count);
  return reached ? reached[0] : now.max_seconds;
}

function sparkline(values) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "polyline");
  const most = Math.max(...values, 1);
  svg.setAttribute("viewBox", `0 0 ${POINTS - 1} 20`);
  svg.setAttribute("preserveAspectRatio", "none");
  line.setAttribute("points", values.map((v, i) =>
    `${POINTS - values.length + i},${19 - (v / most) * 18}`).join(" "));
  svg.append(line);
  return svg;
}

function showFlow(body, route, flow, then, seconds) {
  const key = `${route.name} ${flow.direction}`;
  const rate = (name) => (then ? Math.max(flow[name] - then[name], 0) / seconds : 0);
  const values = history.get(key) || [];
  values.push(rate("bytes_out"));
  history.set(key, values.slice(-POINTS));
  const row = body.insertRow();
  row.className = flow.slow ? "slow" : flow.throttled ? "throttled" : "";
  cell(row, route.state === "serving" ? route.name : `${route.name} (draining)`);
  cell(row, flow.direction);
  cell(row, route.connections);
  cell(row, flow.slow, flow.slow ? "bad" : "");
  cell(row, flow.throttled);
  cell(row, bytes(flow.queued_bytes));
  cell(row, bytes(rate("bytes_in")));
  cell(row, bytes(rate("bytes_out")));
  const dropped = rate("dropped_messages");
  cell(row, dropped.toFixed(dropped && dropped < 10 ? 1 : 0), dropped ? "bad" : "");
  for (const share of [0.5, 0.99]) {
    const found = quantile(flow.send_latency, then && then.send_latency, share);
    cell(row, found === null ? "-" : `< ${duration(found)}`);
  }
  row.insertCell().append(sparkline(history.get(key)));
}

function showRoutes(status) {
  const earlier = new Map();
  for (const route of before ? before.routes : []) {
    for (const flow of route.directions) earlier.set(`${route.name} ${flow.direction}`, flow);
  }
  const seconds = before ? Math.max(status.time - before.time, 0.001) : 1;
  const body = document.createElement("tbody");
  for (const route of status.routes) {
    for (const flow of route.directions) {
      const then = earlier.get(`${route.name} ${flow.direction}`);
      showFlow(body, route, flow, then, seconds);
    }
  }
  const shown = new Set(status.routes.flatMap(
    (route) => route.directions.map((flow) => `${route.name} ${flow.direction}`)));
  for (const key of history.keys()) if (!shown.has(key)) history.delete(key);
  document.querySelector("#routes tbody").replaceWith(body);
  before = status;
}

function showConnections(list) {
  const body = document.createElement("tbody");
  for (const each of list.connections) {
    const up = each.to_upstream || { bytes_out: 0, dropped_messages: 0 };
    const row = body.insertRow();
    row.className = each.slow ? "slow" : each.throttled_seconds ? "throttled" : "";
    cell(row, each.conn);
    cell(row, each.route);
    cell(row, each.client);
    cell(row, each.upstream || "-");
    cell(row, each.phase);
    cell(row, duration(each.age_seconds));
    cell(row, duration(each.throttled_seconds));
    cell(row, bytes(each.queued_bytes));
    cell(row, bytes(up.bytes_out));
    cell(row, bytes(each.to_client.bytes_out));
    cell(row, up.dropped_messages + each.to_client.dropped_messages);
    cell(row, each.tls_version || "-");
  }
  document.querySelector("#connections tbody").replaceWith(body);
}

async function ask(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}

async function refresh() {
  const summary = document.querySelector("#summary");
  try {
    const [status, list] = await Promise.all([ask("status"), ask("connections?limit=25")]);
    showRoutes(status);
    showConnections(list);
    summary.textContent = `${status.version}, ${status.state}, ${status.connections} ${status.connections === 1 ? "connection" : "connections"}, ` +
      `${bytes(status.queued_bytes)} queued, up ${duration(status.uptime_seconds)}`;
    summary.className = status.state === "ready" ? "" : "bad";
  } catch (error) {
    summary.textContent = `no answer: ${error.message}`;
    summary.className = "bad";
  }
  setTimeout(refresh, 1000);
}

refresh();
