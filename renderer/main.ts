// The window's entry: connects to the services, puts the state together and mounts the app.
import { mount } from 'svelte';
import type { LabClient } from '../main/contract/methods.ts';
import App from './features/shell/App.svelte';
import ConnectionLost from './features/shell/ConnectionLost.svelte';
import { connectToHost } from './host/connect.ts';
import { systemLocale, Translator } from './messages/translator.ts';
import { windowEnvironment } from './state/environment.ts';
import { Lab } from './state/lab.svelte.ts';
import './ui/tokens.css';

const target = document.querySelector('#app');
if (!target) throw new Error('the page has no #app element');
const environment = windowEnvironment(window);

let client: LabClient | null = null;
try {
  client = await connectToHost();
} catch {
  // Nothing answers behind this page: the screen says how to come back.
  document.documentElement.dataset['theme'] = environment.prefersDark.matches ? 'dark' : 'light';
  mount(ConnectionLost, { target, props: { translator: new Translator(systemLocale(environment.languages)) } });
}
if (client) {
  const lab = new Lab(client, environment);
  mount(App, { target, props: { lab } });
  await lab.open();
}
