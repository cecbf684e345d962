// Loaded before the crawler: a fetch that is deaf to its signal, so that a cancelled crawl can't end.
const { fetch } = globalThis;
globalThis.fetch = (url, init) => fetch(url, { ...init, signal: null });
