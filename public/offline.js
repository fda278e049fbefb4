// What works without a network, on the page that says there is none: the passes that this device keeps, and the gate first
// where this browser is a tablet. `app/src/passes/kept.rs` and `app/src/gate/duty.rs` write what is read here.

const PASS = /^pass:\d+$/;
const TABLET = "gate-tablet";

function keptPasses() {
  const passes = [];
  for (const key of Object.keys(localStorage).filter((key) => PASS.test(key))) {
    try {
      const { number, title, site_name: site, first_day: first, last_day: last } = JSON.parse(localStorage.getItem(key));
      passes.push({ number: Number(number), title, site, first, last });
    } catch {
      // Not one of ours, or of another version: the others are listed all the same.
    }
  }
  return passes.sort((a, b) => (a.first < b.first ? 1 : -1));
}

function line(language, text) {
  const part = document.createElement("span");
  part.lang = language;
  part.textContent = text;
  return part;
}

function link({ number, title, site, first, last }) {
  const days = first === last ? first : `${first} – ${last}`;
  const to = document.createElement("a");
  to.href = `/passes/${number}`;
  to.append(
    line("zh-CN", `${site.zh} · ${title.zh}`),
    line("en", `${site.en} · ${title.en}`),
    line("zh-CN", `${days} · № ${number}`),
  );
  const item = document.createElement("li");
  item.append(to);
  return item;
}

try {
  const items = keptPasses().map(link);
  document.querySelector("#passes ul").replaceChildren(...items);
  document.querySelector("#passes").hidden = items.length === 0;
  if (localStorage.getItem(TABLET)) {
    document.querySelector("#tablet").hidden = false;
    document.querySelector("#gate").hidden = true;
  }
} catch (error) {
  // A browser that keeps nothing has nothing to list.
  console.warn(error);
}
