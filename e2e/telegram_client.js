// Simulated Telegram app: receives the events that Telegram's script posts, keeps the state of the buttons and pop-ups,
// and responds asynchronously, like Telegram. It is installed before the scripts of the page.
(() => {
  const client = {
    asked: [], // [event, parameters], in order of arrival
    main: { is_visible: false },
    back: { is_visible: false },
    popup: null,
    contact: null, // signed contact data; null: the customer refuses; "": not received yet
    theme: null,
  };
  const receive = (event, data) => window.Telegram.WebView.receiveEvent(event, data);
  const handlers = {
    web_app_setup_main_button: (parameters) => { client.main = parameters; },
    web_app_setup_back_button: (parameters) => { client.back = parameters; },
    web_app_open_popup: (parameters) => { client.popup = parameters; },
    web_app_request_phone: () => receive("phone_requested", { status: client.contact === null ? "cancelled" : "sent" }),
    web_app_invoke_custom_method: ({ req_id, method }) =>
      receive("custom_method_invoked", { req_id, result: method === "getRequestedContact" ? client.contact : "" }),
    web_app_request_theme: () => client.theme && receive("theme_changed", { theme_params: client.theme }),
    web_app_request_viewport: () =>
      receive("viewport_changed", { height: window.innerHeight, is_expanded: true, is_state_stable: true }),
    web_app_request_safe_area: () => receive("safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),
    web_app_request_content_safe_area: () =>
      receive("content_safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),
    web_app_request_write_access: () => receive("write_access_requested", { status: "allowed" }),
  };
  // Changes of buttons and pop-ups apply at once; responses come from another process.
  const drawn = new Set(["setup_main_button", "setup_back_button", "open_popup"]);

  client.press = (button, times) => {
    for (let time = 0; time < times; time += 1) receive(`${button}_button_pressed`);
  };
  client.closePopup = (buttonId) => {
    client.popup = null;
    receive("popup_closed", buttonId === null ? {} : { button_id: buttonId });
  };
  window.telegramClient = client;
  window.TelegramWebviewProxy = {
    postEvent(event, json) {
      const parameters = JSON.parse(json);
      client.asked.push([event, parameters]);
      const handle = handlers[event];
      if (!handle) return;
      if (drawn.has(event.replace("web_app_", ""))) handle(parameters);
      else setTimeout(() => handle(parameters), 0);
    },
  };
})();
