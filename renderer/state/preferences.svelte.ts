// The person's settings as the window lives by them: language and appearance switch at once, wherever they were changed.
import type { LabClient } from '../../main/contract/methods.ts';
import type { Settings } from '../../main/contract/shapes.ts';
import { systemLocale, Translator, type Locale } from '../messages/translator.ts';
import type { ThemeName } from '../model/variant-style.ts';
import type { Environment } from './environment.ts';
import type { Notices } from './notices.svelte.ts';

const BEFORE_LOADED: Settings = { locale: 'system', theme: 'system', pace: null, threads: 1 };

export class Preferences {
  values = $state.raw<Settings>(BEFORE_LOADED);
  readonly #systemLocale: Locale;
  #systemDark = $state(false);
  readonly #client: LabClient;
  readonly #notices: Notices;

  readonly locale: Locale = $derived.by(() =>
    this.values.locale === 'system' ? this.#systemLocale : this.values.locale,
  );
  readonly translator = $derived(new Translator(this.locale));
  readonly theme: ThemeName = $derived(
    this.values.theme === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.values.theme,
  );

  constructor(client: LabClient, notices: Notices, environment: Environment) {
    this.#client = client;
    this.#notices = notices;
    this.#systemLocale = systemLocale(environment.languages);
    this.#systemDark = environment.prefersDark.matches;
    environment.prefersDark.onChange((dark) => {
      this.#systemDark = dark;
    });
    client.subscribe('settings.changed', (settings) => {
      this.values = settings;
    });
  }

  async load(): Promise<void> {
    this.values = await this.#client.call('settings.get', null);
  }

  /** Takes effect at once; goes back when it cannot be stored. */
  async set(change: Partial<Settings>): Promise<void> {
    const before = this.values;
    this.values = { ...before, ...change };
    try {
      this.values = await this.#client.call('settings.set', change);
    } catch (error) {
      this.values = before;
      this.#notices.error(error);
    }
  }
}
