// One simulated window: a page of a headless browser with the preload in an isolated world, its requests answered by the app.
import { dirname } from 'node:path';
import type { BrowserContext, CDPSession, Page, Route } from 'playwright-core';
import { fromChromium, type FromMain, type ToMain, type WindowFacts } from './wire.ts';

const WORLD = 'Electron Isolated Context';
type AnswerOf<T extends FromMain['type']> = Extract<FromMain, { type: T }>;
type Deliverable = AnswerOf<'ipc' | 'port.message' | 'port.close'>;

/** Numbers of requests are unique over all windows, because the main process knows only the number. */
let lastRequest = 0;

const call = (name: string, ...args: readonly unknown[]) => `${name}(${args.map((x) => JSON.stringify(x)).join(', ')})`;

/** The call of page-bridge.ts that brings a message to the preload. */
function bridgeCall(message: Deliverable): string {
  switch (message.type) {
    case 'ipc':
      return call('ipc', message.channel, message.text, message.ports);
    case 'port.message':
      return call('portMessage', message.port, message.text);
    case 'port.close':
      return call('portClose', message.port);
    default:
      return message satisfies never;
  }
}

/** What a window tells to the outside. */
export interface WindowLinks {
  /** To the main process. */
  send(message: ToMain): void;
  /** A page asked for `url` (as the app knows it), and the app refused it or not. */
  requested(url: string, blocked: boolean): void;
  loaded(): void;
}

export class SimulatedWindow {
  readonly id: number;
  readonly facts: WindowFacts;
  /** Whether the app has shown it. */
  visible = false;
  /** How often a page was loaded into it. */
  loads = 0;
  readonly #context: BrowserContext;
  readonly #script: string;
  readonly #links: WindowLinks;
  readonly #responses = new Map<number, (answer: AnswerOf<'answer'>) => void>();
  readonly #navigations = new Map<number, (prevented: boolean) => void>();
  #page: Page | null = null;
  #cdp: CDPSession | null = null;
  #world: number | null = null;
  #url = 'about:blank';
  #closing = false;
  #theme: 'light' | 'dark';

  /** @param script what its isolated world runs first in every document. */
  constructor(
    context: BrowserContext,
    id: number,
    facts: WindowFacts,
    script: string,
    theme: 'light' | 'dark',
    links: WindowLinks,
  ) {
    this.#context = context;
    this.#theme = theme;
    this.id = id;
    this.facts = facts;
    this.#script = script;
    this.#links = links;
  }

  get page(): Page {
    if (this.#page === null) throw new Error('the window has loaded nothing yet');
    return this.#page;
  }

  shown(): void {
    this.visible = true;
  }

  /** @param url as Chromium knows it. Tells the main process when it has loaded or failed. */
  async load(url: string): Promise<void> {
    this.#url = url;
    const page = this.#page ?? (await this.#open());
    let error: string | null = null;
    try {
      const status = (await page.goto(url))?.status() ?? 0;
      if (status >= 400) error = `ERR_HTTP_RESPONSE_CODE_FAILURE (${status})`;
    } catch (failure) {
      error = failure instanceof Error ? failure.message : String(failure);
    }
    this.loads += 1;
    this.#links.send({ type: 'loaded', window: this.id, error });
    this.#links.loaded();
  }

  /** A crashed page cannot come back in this browser's driver; the window gets a fresh one. */
  async reload(): Promise<void> {
    const old = this.#page;
    this.#page = null;
    await old?.close();
    await this.load(this.#url);
  }

  async crash(): Promise<void> {
    const gone = this.page.waitForEvent('crash');
    // The answer never comes: the process that would give it is gone.
    this.#cdp?.send('Page.crash').catch(() => undefined);
    await gone;
    this.#links.send({ type: 'gone', window: this.id, reason: 'crashed' });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#page?.close();
  }

  async setTheme(theme: 'light' | 'dark'): Promise<void> {
    this.#theme = theme;
    await this.#page?.emulateMedia({ colorScheme: theme });
  }
  /** A person drags a file or folder over the middle of the window. @param drops whether it is let go there. */
  async drag(path: string, drops: boolean): Promise<void> {
    if (this.#cdp === null || this.#world === null) throw new Error('the window has loaded nothing yet');
    const expression = `simulatedBridge.${call('draggedFrom', dirname(path))}`;
    await this.#cdp.send('Runtime.evaluate', { expression, contextId: this.#world });
    const at = { x: this.facts.width / 2, y: this.facts.height / 2 };
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', ...(drops ? (['drop'] as const) : [])] as const)
      await this.#cdp.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  /** Messages to the preload, in order. */
  deliver(message: Deliverable): void {
    if (this.#cdp === null || this.#world === null) return;
    const expression = `simulatedBridge.${bridgeCall(message)}`;
    this.#cdp.send('Runtime.evaluate', { expression, contextId: this.#world }).catch((error: unknown) => {
      // A page that navigates or closes drops what was under way to it, as a real one does.
      if (!this.#closing && !/context|closed/.test(String(error))) throw error;
    });
  }

  answer(message: AnswerOf<'answer' | 'navigation.answer'>): void {
    if (message.type === 'answer') this.#responses.get(message.request)?.(message);
    else this.#navigations.get(message.request)?.(message.prevented);
  }

  async #open(): Promise<Page> {
    const page = await this.#context.newPage();
    this.#page = page;
    await page.setViewportSize({ width: this.facts.width, height: this.facts.height });
    await this.setTheme(this.#theme);
    await page.route('**/*', (route) => this.#serve(route));
    page.on('popup', (popup) => {
      this.#links.send({ type: 'popup', window: this.id, url: popup.url() });
      void popup.close();
    });
    const cdp = await this.#context.newCDPSession(page);
    this.#cdp = cdp;
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      const data = context.auxData as { readonly frameId?: string } | undefined;
      if (context.name === WORLD && data?.frameId === mainFrame) this.#world = context.id;
    });
    cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      if (executionContextId === this.#world) this.#receive(payload);
    });
    await cdp.send('Page.enable');
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const mainFrame = frameTree.frame.id;
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: 'simulatedSend', executionContextName: WORLD });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { worldName: WORLD, source: this.#script });
    return page;
  }

  #receive(payload: string): void {
    const message = JSON.parse(payload) as
      | { readonly type: 'document' }
      | { readonly type: 'ipc'; readonly channel: string; readonly text: string }
      | { readonly type: 'port.message'; readonly port: number; readonly text: string }
      | { readonly type: 'port.close'; readonly port: number };
    if (message.type === 'ipc') this.#links.send({ ...message, window: this.id, url: this.page.url() });
    else if (message.type === 'document') this.#links.send({ ...message, window: this.id });
    else this.#links.send(message);
  }

  async #serve(route: Route): Promise<void> {
    const asked = route.request();
    const url = asked.url();
    const mainFrame = asked.isNavigationRequest() && asked.frame() === this.page.mainFrame();
    if (asked.isNavigationRequest() && (await this.#prevented(url, mainFrame))) {
      this.#links.requested(fromChromium(url), true);
      return route.abort('aborted');
    }
    const request = ++lastRequest;
    const answered = new Promise<AnswerOf<'answer'>>((resolve) => this.#responses.set(request, resolve));
    this.#links.send({ type: 'request', request, window: this.id, url, method: asked.method() });
    const { blocked, status, headers, body } = await answered;
    this.#responses.delete(request);
    this.#links.requested(fromChromium(url), blocked);
    // Only the app answers: what it neither serves nor refuses has nowhere to go.
    if (blocked) return route.abort('blockedbyclient');
    return route.fulfill({ status, headers, body: Buffer.from(body) });
  }

  async #prevented(url: string, mainFrame: boolean): Promise<boolean> {
    const request = ++lastRequest;
    const answered = new Promise<boolean>((resolve) => this.#navigations.set(request, resolve));
    this.#links.send({ type: 'navigation', request, window: this.id, url, mainFrame });
    const prevented = await answered;
    this.#navigations.delete(request);
    return prevented;
  }
}
