// Keeps a page for the time without a network. Only over https or on this machine, where browsers allow it.

export function keepOfflinePage(): void {
  if (!("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    navigator.serviceWorker.register("/service-worker.js").catch(() => {
      // Private windows refuse; the site works without.
    });
  });
}
