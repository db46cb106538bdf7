"use strict";

/* The console works without this file. With it: keys, a clock that runs, a case that
   stays somebody's while they work on it. */

const byId = (id) => document.getElementById(id);

function showLocalTimes() {
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  const moment = { dateStyle: "medium", timeStyle: "short" };
  for (const time of document.querySelectorAll("time[datetime]")) {
    if (!/UTC$/.test(time.textContent)) {
      continue;
    }
    const shape = time.dataset.as === "clock" ? clock : moment;
    const format = new Intl.DateTimeFormat(document.documentElement.lang, shape);
    time.title = time.textContent;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

/* Keys: one each, none while somebody types, none with a modifier, and all can be
   switched off (WCAG 2.1.4). */

const KEYS_OFF = "kiemtin-keys-off";
const dialog = byId("keys");

function areKeysOn() {
  try {
    return localStorage.getItem(KEYS_OFF) === null;
  } catch {
    return true;
  }
}

function rememberKeys(on) {
  try {
    if (on) {
      localStorage.removeItem(KEYS_OFF);
    } else {
      localStorage.setItem(KEYS_OFF, "1");
    }
  } catch {
    /* A browser that keeps nothing starts with keys each time. */
  }
  showKeys();
}

function showKeys() {
  document.body.classList.toggle("no-keys", !areKeysOn());
}

function isTyping(target) {
  const typed = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";
  return target instanceof Element && target.closest(typed) !== null;
}

/* Where the next answer is wanted; the button once all are there. */

function firstOpenQuestion() {
  if (!document.querySelector("#decide [name=outcome]:checked")) {
    return document.querySelector("#decide [name=outcome]");
  }
  for (const group of document.querySelectorAll("#decide fieldset.group")) {
    const first = group.querySelector("input");
    if (group.checkVisibility() && !group.querySelector("input:checked")) {
      return first;
    }
  }
  return byId("send");
}

function press(element) {
  if (element.matches("input[type=radio]")) {
    element.checked = true;
    element.dispatchEvent(new Event("change", { bubbles: true }));
    if (element.form?.id === "decide") {
      firstOpenQuestion().focus();
    } else {
      element.focus();
    }
  } else if (element.matches("textarea")) {
    element.focus();
  } else if (element.matches("summary")) {
    element.parentElement.open = true;
    element.parentElement.querySelector("input[type=radio]").focus();
  } else {
    element.click();
  }
}

function onKey(event) {
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (event.key === "Enter" && event.ctrlKey && event.target.form?.id === "decide") {
    event.target.form.requestSubmit();
    return;
  }
  const modified = event.ctrlKey || event.altKey || event.metaKey;
  if (modified || event.repeat || event.defaultPrevented || isTyping(event.target)) {
    return;
  }
  if (!areKeysOn() || dialog?.open) {
    return;
  }
  if (event.key === "?") {
    event.preventDefault();
    openKeys();
    return;
  }
  const key = CSS.escape(event.key.toLowerCase());
  const found = document.querySelector(`[data-key="${key}"]:not(:disabled)`);
  if (found) {
    event.preventDefault();
    press(found);
  }
}

function openKeys() {
  dialog.showModal();
}

function startKeys() {
  if (dialog === null) {
    return;
  }
  const button = byId("open-keys");
  button.hidden = false;
  button.addEventListener("click", openKeys);
  const on = byId("keys-on");
  on.checked = areKeysOn();
  on.addEventListener("change", () => rememberKeys(on.checked));
  document.addEventListener("keydown", onKey);
  showKeys();
}

/* What is blurred is not read out either, also where CSS alone cannot say so. */

function startVeil() {
  const show = byId("show");
  const veiled = document.querySelector(".veiled");
  if (show === null || veiled === null) {
    return;
  }
  const cover = () => {
    veiled.inert = !show.checked;
  };
  show.addEventListener("change", cover);
  cover();
}

/* A clause belongs to labels: who chooses it means one of them. */

function startDecide() {
  const form = byId("decide");
  if (form === null) {
    return;
  }
  form.addEventListener("change", (event) => {
    const labels = event.target.dataset.labels?.split(" ");
    if (labels && !labels.some((x) => byId(`label-${x}`).checked)) {
      byId(`label-${labels[0]}`).checked = true;
    }
  });
  const started = performance.now();
  form.addEventListener("submit", (event) => {
    const next = firstOpenQuestion();
    if (next !== byId("send")) {
      event.preventDefault();
      next.focus();
      return;
    }
    byId("spent").value = ((performance.now() - started) / 1000).toFixed(1);
  });
}

/* The clock of a case: it runs by the server's time, and is set forward while its
   person does something. */

const SOON_MS = 60_000;
const BEAT_MS = 60_000;
const IDLE_MS = 120_000;

class Timer {
  constructor(element) {
    this.element = element;
    this.skew = Date.parse(element.dataset.now) - Date.now();
    this.ends = Date.parse(element.dataset.ends);
    this.active = Date.now();
    this.beat = Date.now();
    this.isLost = false;
    this.left = byId("left");
    this.left.hidden = false;
    for (const name of ["pointermove", "pointerdown", "keydown", "scroll"]) {
      document.addEventListener(name, () => { this.active = Date.now(); }, { passive: true });
    }
    this.form = element.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.renew();
    });
    this.ticking = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  tick() {
    const left = Math.max(0, this.ends - Date.now() - this.skew);
    const minutes = Math.floor(left / 60_000);
    const seconds = String(Math.floor((left % 60_000) / 1000)).padStart(2, "0");
    this.left.textContent = this.element.dataset.left.replace("{time}", `${minutes}:${seconds}`);
    const isSoon = left <= SOON_MS && left > 0;
    this.element.classList.toggle("is-soon", isSoon);
    byId("soon").hidden = !isSoon;
    if (left === 0) {
      this.lose();
    } else if (Date.now() - this.beat > BEAT_MS && Date.now() - this.active < IDLE_MS) {
      this.renew();
    }
  }

  async renew() {
    this.beat = Date.now();
    let answer;
    try {
      answer = await fetch(this.element.dataset.renew, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(this.form)),
      });
    } catch {
      return; /* The next beat tries again; the clock goes on. */
    }
    if (answer.ok) {
      this.ends = Date.parse((await answer.json()).ends_at);
      this.showEnd();
      this.tick();
    } else if (answer.status === 409 || answer.status === 404 || answer.status === 401) {
      this.lose();
    }
  }

  showEnd() {
    const time = this.element.querySelector("time");
    const shape = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
    const format = new Intl.DateTimeFormat(document.documentElement.lang, shape);
    time.dateTime = new Date(this.ends).toISOString();
    time.textContent = format.format(this.ends);
  }

  lose() {
    if (this.isLost) {
      return;
    }
    this.isLost = true;
    clearInterval(this.ticking);
    this.element.classList.remove("is-soon");
    this.element.classList.add("is-lost");
    byId("soon").hidden = true;
    byId("lost").hidden = false;
    const buttons = ".col-decide button, .col-decide [data-key], .timer button";
    for (const button of document.querySelectorAll(buttons)) {
      button.disabled = true;
    }
  }
}

showLocalTimes();
startKeys();
startVeil();
startDecide();
if (byId("timer")) {
  new Timer(byId("timer"));
}
