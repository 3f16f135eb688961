// Tells Ripeline's door what happens on this page, in the words of its tracking API.
(() => {
  const { door, writeKey, console: desk } = window.shop;

  const anonymousId = localStorage.getItem("anonymous_id") ?? crypto.randomUUID();
  localStorage.setItem("anonymous_id", anonymousId);
  let userId = localStorage.getItem("user_id");

  const page = () => ({ path: location.pathname, url: location.href, referrer: document.referrer,
    search: location.search, title: document.title });

  const tell = async (kind, message) => {
    const now = new Date().toISOString();
    const response = await fetch(`${door}/v1/${kind}`, {
      method: "POST",
      keepalive: true,
      headers: { Authorization: `Basic ${btoa(`${writeKey}:`)}`, "Content-Type": "application/json" },
      body: JSON.stringify({ messageId: crypto.randomUUID(), anonymousId, userId, timestamp: now, sentAt: now,
        context: { page: page() }, ...message }),
    });
    if (!response.ok) throw new Error((await response.json()).message);
  };

  const linkToMe = () => {
    const query = encodeURIComponent(userId ?? anonymousId);
    for (const link of document.querySelectorAll("[data-console]")) link.href = `${desk}/leads/?q=${query}`;
  };

  const submitted = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { employees, company, ...given } = Object.fromEntries(new FormData(form));
    const traits = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
    if (company) traits.company = { name: company, ...(employees && { employees: Number(employees) }) };
    const output = form.querySelector("output");
    try {
      userId = traits.email.trim().toLowerCase();
      await tell("identify", { traits });
      localStorage.setItem("user_id", userId);
      await tell("track", { event: form.dataset.event, properties: { form_name: form.dataset.form,
        ...(form.dataset.content && { content: form.dataset.content }) } });
      linkToMe();
      output.innerHTML = "Thank you. <a data-console>See yourself in Ripeline</a>";
      linkToMe();
      form.querySelector("button").disabled = true;
    } catch (problem) {
      output.textContent = `Nothing was sent: ${problem.message}. Try again in a moment.`;
    }
  };

  for (const form of document.querySelectorAll("form")) form.addEventListener("submit", submitted);
  linkToMe();
  tell("page", { name: document.title, properties: { path: location.pathname } }).catch(() => {});
})();
