// A page with nothing on it but the line to the services, for tests of the host itself: `lab` is the window's own client.
import { connectToHost } from '../../renderer/host/connect.ts';

Object.assign(globalThis, { labReady: connectToHost() });
