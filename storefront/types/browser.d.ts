/** What Telegram's clients add to the window, and what browsers have that TypeScript does not know everywhere. */
interface Window {
  TelegramWebviewProxy?: { postEvent(event: string, json: string): void };
}

/** Telegram's client. (Not imported by the scripts themselves: collectstatic takes `import(…)` for a file, in comments too.) */
type TelegramApp = import("telegram-web-app").WebApp;
