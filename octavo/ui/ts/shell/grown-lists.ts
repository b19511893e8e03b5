// Lists that take their next page in place: the focus goes on at the first of the new items.

interface Swap {
  ctx: { swap?: string; target?: Element | string };
}

export function goOnInGrownLists(): void {
  let last: Element | null = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = (event as CustomEvent<Swap>).detail;
    const list = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
    last = ctx.swap === "beforeend" ? (list?.lastElementChild ?? null) : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    last?.nextElementSibling?.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
    last = null;
  });
}
