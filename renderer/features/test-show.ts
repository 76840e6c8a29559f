// Mounts a part of the window over the fake lab and finds things in it as a person would, by their names; for component tests.
import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach } from 'vitest';
import { createFakeLab, type FakeScenario } from '../host/fake.ts';
import { Lab } from '../state/lab.svelte.ts';
import { createTestEnvironment } from '../state/test-environment.ts';
import TestHost from './TestHost.svelte';

let ended: (() => Promise<void>) | null = null;
afterEach(async () => {
  await ended?.();
  ended = null;
  document.body.replaceChildren();
});

type Control = HTMLInputElement | HTMLSelectElement;

function labelled<E extends Control>(selector: string, label: string): E {
  const says = (text: string | null | undefined) => text?.trim() === label;
  for (const control of document.querySelectorAll<E>(selector)) {
    const by = control.getAttribute('aria-labelledby');
    if (says(control.getAttribute('aria-label') ?? (by && document.getElementById(by)?.textContent))) return control;
  }
  // From the labels on: asking every control for its labels searches the document again and again.
  for (const found of document.querySelectorAll('label')) {
    if (!says(found.textContent)) continue;
    const control = found.htmlFor ? document.getElementById(found.htmlFor) : found.querySelector(selector);
    if (control?.matches(selector)) return control as E;
  }
  throw new Error(`no field "${label}"`);
}

/** @param example the experiment that the project opens with unless another one is given. */
export const showing =
  (example: unknown) =>
  async (part: Component, scenario: FakeScenario, language = 'en', source: unknown = example) => {
    const client = createFakeLab(scenario, source);
    const environment = createTestEnvironment([language]);
    const lab = new Lab(client, environment);
    await lab.open();
    const mounted = mount(TestHost, { target: document.body, props: { lab, part } });
    ended = () => unmount(mounted);
    flushSync();
    const field = (label: string) => labelled<HTMLInputElement>('input', label);
    return {
      client,
      lab,
      environment,
      labelled: field,
      type(label: string, text: string): HTMLInputElement {
        const found = field(label);
        found.focus();
        found.value = text;
        found.dispatchEvent(new Event('input', { bubbles: true }));
        flushSync();
        return found;
      },
      choose(label: string, value: string): HTMLSelectElement {
        const found = labelled<HTMLSelectElement>('select', label);
        found.value = value;
        found.dispatchEvent(new Event('change', { bubbles: true }));
        flushSync();
        return found;
      },
      button(name: string): HTMLButtonElement {
        for (const found of document.querySelectorAll('button'))
          if ((found.getAttribute('aria-label') ?? found.textContent).trim() === name) return found;
        throw new Error(`no button "${name}"`);
      },
      text: () => (document.body.textContent ?? '').replace(/\s+/g, ' '),
      /** What assistive technology reads with a field, beside its name. */
      described: (of: Element): readonly (string | null | undefined)[] =>
        (of.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent),
    };
  };
