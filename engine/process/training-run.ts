// The training loop of one run: obeys within a chunk, keeps the pace, answers, reports through the journal.
import { resolveVariant } from '../spec/index.ts';
import type { Advance, TrainingSession } from '../train/session.ts';
import { createChunks } from './chunks.ts';
import type { Journal } from './journal.ts';
import type { Pace } from './pace.ts';
import type { Answer, Ask, StatusChange } from './protocol.ts';
import { refusalOf } from './refusal.ts';
import type { TrainerEvent, TrainerStart } from './trainer-protocol.ts';
import type { Wishes } from './wishes.ts';

/** Share of the time that checkpoints on the way may take; more often than that they are left out. */
const CHECKPOINT_SHARE = 0.05;

export interface TrainerClock {
  /** Milliseconds from any fixed moment; never goes back. */
  now(): number;
  /** Lets the commands that have arrived meanwhile in. */
  breathe(): Promise<void>;
  setTimeout(callback: () => void, milliseconds: number): { cancel(): void };
}

export interface LiveRun {
  readonly start: TrainerStart;
  readonly wishes: Wishes;
  readonly pace: Pace;
  readonly journal: Journal;
  /** Ends the present wait, if there is one. */
  wake(): void;
}

export class TrainingRun {
  readonly #run: LiveRun;
  readonly #session: TrainingSession;
  readonly #clock: TrainerClock;
  readonly #post: (event: TrainerEvent) => void;
  readonly #checkpointEvery: number;
  readonly #chunks = createChunks();
  #computeMs = 0;
  #checkpointAt = -Infinity;
  #checkpointMs = 0;
  /** Step of the best checkpoint that was reported last. */
  #bestReported: number | null = null;
  #reported: StatusChange['status'] = 'queued';

  constructor(run: LiveRun, session: TrainingSession, clock: TrainerClock, post: (event: TrainerEvent) => void) {
    this.#run = run;
    this.#session = session;
    this.#clock = clock;
    this.#post = post;
    this.#checkpointEvery = resolveVariant(run.start.experiment, run.start.variant).recipe.checkpoint_every;
  }

  /** Resolves when the run is over: done, stopped or failed. */
  async train(): Promise<void> {
    const { start } = this.#run;
    // Step 0's evaluation, so that there is something to see at once.
    if (this.#advance(0)) return;
    // Given values are nowhere else: whoever continues this run before its first own checkpoint needs them.
    if (start.weights !== null && start.resume === null) this.#keepCheckpoint();
    while (!(await this.#turn())) continue;
  }

  /** @returns true when the run is over. */
  async #turn(): Promise<boolean> {
    const { wishes, pace, journal } = this.#run;
    for (let ask = wishes.asks.shift(); ask !== undefined; ask = wishes.asks.shift()) this.#answer(ask);
    if (wishes.stopped) {
      this.#stop();
      return true;
    }
    if (wishes.paused && this.#reported !== 'paused') {
      this.#keepCheckpoint();
      this.#report('paused');
    } else if (!wishes.paused && this.#reported !== 'running') {
      pace.restart();
      this.#report('running');
    }
    const stepping = wishes.paused && wishes.pendingSteps > 0;
    if (journal.heldBack || (wishes.paused && !stepping)) {
      await this.#wait(Infinity);
      return false;
    }
    if (!stepping) return this.#trainSome();
    wishes.pendingSteps -= 1;
    if (this.#advance(1)) return true;
    this.#flush(null);
    await this.#clock.breathe();
    return false;
  }

  /** One chunk, and the wait after it. */
  async #trainSome(): Promise<boolean> {
    const { pace, journal } = this.#run;
    const untilCheckpoint = this.#checkpointEvery - (this.#session.step % this.#checkpointEvery);
    const steps = Math.min(this.#chunks.size, untilCheckpoint, pace.allowance(this.#clock.now()));
    if (steps > 0 && this.#advance(steps)) return true;
    if (journal.dueInMs(this.#clock.now()) === 0) this.#flush(null);
    const now = this.#clock.now();
    const idleMs = Math.min(pace.waitMs(now), journal.dueInMs(now));
    if (idleMs > 0) await this.#wait(idleMs);
    else await this.#clock.breathe();
    return false;
  }

  /** Takes up to `steps` updates. @returns true when the run is over. */
  #advance(steps: number): boolean {
    const before = this.#session.step;
    const began = this.#clock.now();
    const result = this.#session.advance(steps);
    const elapsedMs = this.#clock.now() - began;
    const taken = this.#session.step - before;
    this.#chunks.measured(taken, elapsedMs);
    this.#run.pace.took(taken);
    if (this.#isFailure(result, elapsedMs)) return true;
    // A run that was over and is opened again, paused, is there to be looked at; told to go on, it is over.
    const justOpened = steps === 0 && this.#run.wishes.paused;
    if (result.done && !justOpened) {
      this.#keepCheckpoint();
      this.#report('done');
      return true;
    }
    if (taken > 0 && this.#checkpointIsDue()) this.#keepCheckpoint();
    return false;
  }

  /** Takes in what was computed. @returns true when the run is over, and has been reported so. */
  #isFailure(result: Advance, elapsedMs: number): boolean {
    this.#computeMs += elapsedMs;
    this.#run.journal.add(result);
    if (result.failure === null) return false;
    this.#flush({ status: 'failed', step: this.#session.step, failure: result.failure });
    return true;
  }

  /** A stopped run shows its scores where it stopped. What is needed to go on leaves first: evaluating may take a while. */
  #stop(): void {
    this.#keepCheckpoint();
    this.#flush(null);
    const began = this.#clock.now();
    const result = this.#session.evaluate();
    if (!this.#isFailure(result, this.#clock.now() - began)) this.#report('stopped');
  }

  #answer(ask: Ask): void {
    let answer: Answer;
    try {
      answer = this.#obey(ask);
    } catch (error) {
      answer = { type: 'refused', ...refusalOf(error) };
    }
    this.#post({ type: 'answer', runId: ask.runId, id: ask.id, answer });
  }

  #obey(ask: Ask): Answer {
    switch (ask.type) {
      case 'change': {
        const event = this.#session.change(ask.path, ask.value);
        this.#run.journal.addEvent(event);
        this.#flush(null);
        return { type: 'changed', event };
      }
      case 'stepBack':
        return { type: 'steppedBack', step: this.#stepBack(ask.steps) };
      case 'inspect':
        return { type: 'inspected', arithmetic: this.#session.inspect() };
      default:
        return ask satisfies never;
    }
  }

  /** Whoever goes back wants to look: the run pauses, whatever it did before. */
  #stepBack(steps: number): number {
    const { wishes, journal } = this.#run;
    const began = this.#clock.now();
    const step = this.#session.stepBack(steps);
    this.#computeMs += this.#clock.now() - began;
    wishes.paused = true;
    wishes.pendingSteps = 0;
    journal.rewind(step);
    this.#bestReported = null;
    this.#keepCheckpoint();
    this.#report('paused');
    return step;
  }

  #checkpointIsDue(): boolean {
    const sinceMs = this.#clock.now() - this.#checkpointAt;
    return this.#session.step % this.#checkpointEvery === 0 && sinceMs * CHECKPOINT_SHARE >= this.#checkpointMs;
  }

  #keepCheckpoint(): void {
    const { journal } = this.#run;
    const began = this.#clock.now();
    journal.setCheckpoint(this.#session.checkpoint());
    this.#checkpointAt = this.#clock.now();
    this.#checkpointMs = this.#checkpointAt - began;
    const { best } = this.#session;
    if (best === null || best.checkpoint === null || best.step === this.#bestReported) return;
    journal.setBestCheckpoint(best.checkpoint);
    this.#bestReported = best.step;
  }

  #report(status: StatusChange['status']): void {
    this.#flush({ status, step: this.#session.step, failure: null });
  }

  #flush(change: StatusChange | null): void {
    if (change !== null) this.#reported = change.status;
    const facts = { computeMs: this.#computeMs, bestStep: this.#session.best?.step ?? null };
    this.#run.journal.flush(this.#clock.now(), facts, change);
  }

  /** Until the run is woken by a command, or `milliseconds` have passed. */
  #wait(milliseconds: number): Promise<void> {
    const run = this.#run;
    return new Promise((resolve) => {
      const timer =
        milliseconds === Infinity ? null : this.#clock.setTimeout(() => run.wake(), Math.ceil(milliseconds));
      run.wake = () => {
        timer?.cancel();
        run.wake = () => undefined;
        resolve();
      };
    });
  }
}
