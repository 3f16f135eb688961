/* Ripeline's one script: keys, live updates, toasts, dialogs. It adds speed, never content (UI.md §1.6).
   Markup it reads: data-key="a" or "g i" (pressed → clicked), data-opens="dialog-id", data-list with data-row links (J, K),
   data-live="inbox|leads|lead:<id>" (gets the event `live`; with data-reveals it appears), data-toast, data-dismiss,
   data-submits (a form that sends itself on change), data-saves (its Save appears on change), data-copies="element-id",
   data-focused-by="f" (pressed → focused). */
(() => {
  "use strict";
  const body = document.body;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const visible = (element) => element.getClientRects().length > 0;
  const openDialog = () => all("dialog[open]").pop();

  /* Keys: the produced character; for a non-Latin layout the key's place. */
  const character = (event) => {
    if (event.key.length === 1 && event.key.charCodeAt(0) > 127 && /^(Key|Digit)/.test(event.code)) return event.code.slice(-1).toLowerCase();
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  };
  const inField = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
  const bound = (keys, root) => all("[data-key]", root).find((element) => element.dataset.key === keys && !element.disabled && element.getAttribute("aria-disabled") !== "true" && (visible(element) || element.dataset.opens || keys.startsWith("g ")));
  let sequence = "";
  let sequenceEnds = 0;
  let underWay = 0;  // requests that somebody asked for

  const press = (element) => { if (!element) return false; element.click(); return true; };

  const move = (step) => {
    const lists = all("[data-list]", openDialog() || document).filter(visible);
    const list = lists.find((one) => one.contains(document.activeElement)) || lists[0];
    const rows = list ? all("[data-row]", list).filter(visible) : [];
    if (!rows.length) return press(bound(step > 0 ? "j" : "k", document));
    const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    const from = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, from + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    if (list.hasAttribute("data-follows")) next.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = character(event);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key === "k") { event.preventDefault(); return void open("search"); }
    const dialog = openDialog();
    if (dialog && dialog.id === "search" && (key === "ArrowDown" || key === "ArrowUp")) { event.preventDefault(); return void move(key === "ArrowDown" ? 1 : -1); }
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    const moves = key === "j" || key === "k";
    if (event.repeat && !moves) return;  // a key held down means one answer, not one for each lead that comes up
    if (dialog) { if (/^[0-9]$/.test(key) && press(bound(key, dialog))) event.preventDefault(); return; }
    if (body.classList.contains("no-single-keys")) return;
    const inSequence = sequence && event.timeStamp < sequenceEnds;
    const keys = inSequence ? `${sequence} ${key}` : key;
    sequence = "";
    if (!inSequence && key === "g") { sequence = "g"; sequenceEnds = event.timeStamp + 1500; return; }
    const focused = all("[data-focused-by]").find((element) => element.dataset.focusedBy === keys && visible(element));
    if (focused) { event.preventDefault(); return void focused.focus(); }
    if (underWay && !moves && !inSequence) return void event.preventDefault();  // what it would act on is about to change
    const done = keys === "j" ? move(1) : keys === "k" ? move(-1) : press(bound(keys, document));
    if (done) event.preventDefault();
  });

  /* Dialogs are native; a page's own search field is preferred to the dialog. */
  const open = (id) => {
    const own = id === "search" && all("[data-page-search]").find(visible);
    if (own && !openDialog()) { own.focus(); return own.select(); }
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    all("[popover]").forEach((one) => one.matches(":popover-open") && one.hidePopover());
    dialog.showModal();
    dialog.querySelector("[autofocus], input:not([type=hidden])")?.focus();
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) { event.preventDefault(); opener.focus(); open(opener.dataset.opens); }  // where Escape leads back to
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    if (event.target.matches("dialog.dialog")) event.target.close();  // the scrim
    const dismissed = event.target.closest("[data-dismiss]");
    if (dismissed) dismissed.closest("[data-toast]").remove();
    const copier = event.target.closest("[data-copies]");
    if (copier) navigator.clipboard?.writeText(document.getElementById(copier.dataset.copies).textContent.trim()).then(() => { copier.textContent = copier.dataset.copied; });
  });
  document.addEventListener("change", (event) => event.target.closest("form[data-submits]")?.requestSubmit());
  document.addEventListener("input", (event) => event.target.closest("form[data-saves]")?.classList.add("is-changed"));
  body.addEventListener("live", (event) => { if ("reveals" in event.target.dataset) event.target.hidden = false; });

  /* Toasts leave after 8 s, not while read by pointer or focus. */
  const seen = new WeakSet();
  const watch = (toast) => {
    if (seen.has(toast)) return;
    seen.add(toast);
    const leave = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? leave() : toast.remove()), 8000);
    leave();
  };
  const watchAll = () => all("[data-toast]").forEach(watch);
  const say = (text, retry) => {
    const toast = document.createElement("div");
    toast.className = "toast bad";
    toast.dataset.toast = "";
    toast.append(Object.assign(document.createElement("p"), { textContent: text }));
    if (retry) {
      const button = Object.assign(document.createElement("button"), { className: "button", textContent: body.dataset.retry });
      button.addEventListener("click", () => { toast.remove(); retry(); });
      toast.append(button);
    }
    document.getElementById("toasts")?.append(toast);
    watch(toast);
  };

  body.addEventListener("htmx:beforeSend", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (requestConfig.triggeringEvent?.type === "live") return;
    underWay += 1;
    xhr.addEventListener("loadend", () => { underWay -= 1; });
  });
  body.addEventListener("htmx:beforeRequest", () => body.classList.add("busy"));
  body.addEventListener("htmx:afterRequest", () => body.classList.remove("busy"));
  body.addEventListener("htmx:afterSettle", watchAll);
  body.addEventListener("htmx:sendError", (event) => {
    const { elt, requestConfig } = event.detail;
    const { verb, path, target } = requestConfig;
    if (requestConfig.triggeringEvent?.type !== "live") say(body.dataset.failed, () => htmx.ajax(verb, path, { source: elt, target }));
  });
  body.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status === 401) return location.reload();  // signed out elsewhere
    if (requestConfig.triggeringEvent?.type !== "live") say(body.dataset.refused);
  });

  /* Live: one stream of changes; whoever named what changed asks for itself again. */
  const concerned = (change) => (element) => element.dataset.live.split(" ").some((name) =>
    change.many || (name === "inbox" ? change.inbox : name === "leads" ? change.leads.size : change.leads.has(name)));
  let waiting = null;
  const nothing = () => ({ inbox: false, many: false, leads: new Set() });
  let gathered = nothing();
  const refresh = () => {
    const change = gathered;
    waiting = null;
    gathered = nothing();
    all("[data-live]").filter(concerned(change)).forEach((element) => htmx.trigger(element, "live"));
  };
  const FIRST_PAUSE = 2000, LONGEST_PAUSE = 60000;
  let pause = FIRST_PAUSE;
  let cursor = "";  // of the latest message; a stream opened anew goes on there
  const listen = () => {
    let returns;
    const url = new URL(body.dataset.liveUrl, location.href);
    if (cursor) url.searchParams.set("cursor", cursor);
    const stream = new EventSource(url);
    stream.onopen = () => { body.dataset.stream = "open"; pause = FIRST_PAUSE; sessionStorage.removeItem("reloaded"); };
    stream.onmessage = (event) => {
      const change = JSON.parse(event.data);
      cursor = event.lastEventId;
      gathered.inbox ||= change.inbox;
      gathered.many ||= change.many;
      change.leads.forEach((lead) => gathered.leads.add(`lead:${lead}`));
      waiting ||= setTimeout(refresh, 250);
    };
    stream.onerror = () => {
      const isClosed = stream.readyState === EventSource.CLOSED;  // as after any status but 200; else the browser comes back
      body.dataset.stream = isClosed ? "closed" : "lost";
      if (!isClosed) return;
      returns = setTimeout(comeBack, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    };
    addEventListener("pagehide", () => { stream.close(); clearTimeout(returns); }, { once: true });
  };
  /* A stream does not tell why it was refused: asked once more, by hand. Signed out, the page goes to the sign-in. */
  const comeBack = async () => {
    const asking = new AbortController();
    const status = await fetch(body.dataset.liveUrl, { signal: asking.signal }).then((answer) => answer.status, () => 0);
    asking.abort();
    if (status !== 401 || sessionStorage.getItem("reloaded")) return listen();
    sessionStorage.setItem("reloaded", "1");
    location.reload();
  };
  addEventListener("pageshow", (event) => { if (event.persisted && body.dataset.liveUrl) listen(); });

  watchAll();
  if (body.dataset.liveUrl && window.EventSource) listen();
})();

/* ── inbox and lead page (INBOX) ──
   Markup it reads: data-rings (a list that tells who arrived, by data-arrived and data-says in it, and asks for itself every half
   minute, so that its clocks run), #on-screen (which lead the detail shows), form[data-day] (slider and date of a past
   day), [data-line] (points of a line chart, read out on hover and by arrow keys), data-extends (a page more of a list). */
(() => {
  "use strict";
  const body = document.body;
  const find = (selector, root = document) => root.querySelector(selector);
  const visible = (element) => Boolean(element?.getClientRects().length);

  /* Who arrived since the list was drawn, by the server's word: told politely, and marked where they stand in it. */
  const rows = () => [...document.querySelectorAll("[data-rings] [data-row]")];
  const ring = () => {
    const arrived = [...document.querySelectorAll("[data-rings] [data-arrived]")];
    if (!arrived.length) return;
    arrived.forEach((one) => document.getElementById(one.dataset.arrived)?.classList.add("has-arrived"));
    const rings = find("#rings");
    if (rings) rings.textContent = arrived.map((one) => one.dataset.says).join(" ");
  };
  setInterval(() => {
    const list = find("[data-rings]");
    if (list && !document.hidden) htmx.trigger(list, "live");
  }, 30000);

  /* The current row is that of the lead on screen; whoever opens one by Enter, or has no list beside it, goes to its name. */
  const onScreen = () => find("#on-screen input[name=lead]")?.value;
  const markCurrent = () => rows().forEach((row) => {
    if (row.id === `row-${onScreen()}`) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
  let entered = false;
  document.addEventListener("keydown", (event) => { entered = event.key === "Enter" && Boolean(event.target.closest("[data-rings] [data-row]")); });
  document.addEventListener("pointerdown", () => { entered = false; });
  const goToName = () => { find("#lead-name")?.focus(); if (!visible(find("[data-rings]"))) scrollTo(0, 0); };

  body.addEventListener("htmx:afterSwap", (event) => {
    const swapped = event.detail.target?.id;  // a page brought back by the browser's history has no target
    if (swapped === "waiting-list") {
      ring();
      const { from } = event.detail.requestConfig.elt.dataset;  // whoever asked for more goes on there
      if (from) rows()[Number(from)]?.focus({ preventScroll: true });
    }
    if (swapped === "chosen") {
      markCurrent();
      if (entered || !visible(find("[data-rings]"))) goToName();
    }
    if (swapped === "inbox") {
      const current = find("[data-rings] [aria-current]");
      current?.scrollIntoView({ block: "nearest" });
      if (visible(current)) current.focus();
      else goToName();
    }
  });

  /* What is being read or decided is not pulled away: no live refresh under an open dialog, or of a list read far back. */
  body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.triggeringEvent?.type !== "live") return;
    if (event.target.closest("[data-calm]") && (find("dialog[open]") || find("[data-extended]"))) event.preventDefault();
  });
  body.addEventListener("htmx:beforeSwap", (event) => {
    // An answer replaces the list: what the list asked for before it comes too late.
    if (event.detail.target.id === "inbox") htmx.trigger("#waiting-list", "htmx:abort");
    if (event.detail.requestConfig.elt.matches("[data-extends]")) find("#timeline")?.setAttribute("data-extended", "");
  });

  /* Any past day: the slider moves the date, and the form goes off when the hand rests. */
  let rests;
  document.addEventListener("input", (event) => {
    const slider = event.target.closest("form[data-day] input[type=range]");
    if (!slider) return;
    const day = new Date(`${slider.dataset.first}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + Number(slider.value));
    find("input[type=date]", slider.form).value = day.toISOString().slice(0, 10);
    slider.setAttribute("aria-valuetext", new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(day));
    clearTimeout(rests);
    rests = setTimeout(() => slider.form.requestSubmit(), 200);
  });

  /* A line chart read out: the nearest day under the pointer, or by arrow keys. */
  const read = (figure, place) => {
    const points = JSON.parse(figure.dataset.line);
    const at = Math.max(0, Math.min(points.length - 1, place));
    const x = (100 * at) / Math.max(1, points.length - 1);
    const day = new Date(`${figure.dataset.first}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + at * Number(figure.dataset.step));
    const spoken = document.documentElement.lang;
    const figures = new Intl.NumberFormat(spoken, { maximumFractionDigits: 1 }).format(points[at]).replace("-", "−");
    const said = `${new Intl.DateTimeFormat(spoken, { day: "numeric", month: "short", timeZone: "UTC" }).format(day)}: ${figures}`;
    const words = at > Number(figure.dataset.now) ? `${said} ${figure.dataset.ahead}` : said;
    const cross = find(".line-cross", figure);
    cross.setAttribute("x1", `${x}%`);
    cross.setAttribute("x2", `${x}%`);
    cross.setAttribute("visibility", "visible");
    const output = find("output", figure);
    output.dataset.rests ??= output.textContent;
    output.textContent = words;
    figure.dataset.at = at;
  };
  const leave = (figure) => {
    const output = find("output", figure);
    find(".line-cross", figure).setAttribute("visibility", "hidden");
    if (output.dataset.rests !== undefined) output.textContent = output.dataset.rests;
    delete figure.dataset.at;
  };
  document.addEventListener("pointermove", (event) => {
    const box = event.target.closest?.(".line-box");
    if (!box) return;
    const { left, width } = box.getBoundingClientRect();
    const figure = box.closest("[data-line]");
    read(figure, Math.round(((event.clientX - left) / width) * (JSON.parse(figure.dataset.line).length - 1)));
  });
  document.addEventListener("pointerout", (event) => {
    const box = event.target.closest?.(".line-box");
    if (box && !box.contains(event.relatedTarget)) leave(box.closest("[data-line]"));
  });
  document.addEventListener("focusout", (event) => { if (event.target.matches(".line-box")) leave(event.target.closest("[data-line]")); });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".line-box")) return;
    const figure = event.target.closest("[data-line]");
    const last = JSON.parse(figure.dataset.line).length - 1;
    const now = Number(figure.dataset.at ?? figure.dataset.now);
    const steps = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
    if (!(event.key in steps)) return;
    event.preventDefault();
    read(figure, steps[event.key]);
  });
})();
