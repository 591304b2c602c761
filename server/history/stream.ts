// What is new in workspaces, told to the devices that listen: read and written down once for all that see the same.
import { limits } from '../../shared/protocol/limits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Database } from '../database/database.ts';
import { readCounter, type Counter, type WorkspaceOf } from './counter.ts';
import { clearDocuments, shownDocuments, storedDocuments, type StoredDocuments } from './documents.ts';
import type { TermsCache } from './history-terms.ts';
import { PartialView } from './partial-view.ts';
import { lookUntilSeen, type Sight } from './pull.ts';
import { termsAtLeast } from './read-terms.ts';
import { groundsOf, type Grounds, type Viewer } from './views.ts';

/** The other end of a stream. */
export interface Outlet {
  /** false where the device does not take what it is told: its stream is ended, and it pulls when it is back. */
  readonly write: (chunk: Buffer) => boolean;
  readonly end: () => void;
}

export interface StreamOptions {
  readonly database: Database;
  readonly cache: TermsCache;
  readonly onFailure: (error: unknown) => void;
  /** What comes within this long of a change is told with it. */
  readonly gatherMs?: number;
  readonly streamsMax?: number;
}

const gatherMsUsual = 60;
const streamsMaxUsual = 10_000;
/** A device that comes back before its old stream was found dead has two for a moment. */
const streamsOfDeviceMax = 2;
/** A comment that keeps connections open, and shows which are dead. */
const heartbeatMs = 25_000;
/** Devices that have to pull spread over this long. */
const resyncWithinMs = 5_000;

interface Stream {
  readonly outlet: Outlet;
  /** Who listens, as it is now; null once they may not. */
  readonly again: () => Promise<Viewer | null>;
  viewer: Viewer;
  grounds: Grounds;
  view: string;
  /** Up to where it was told everything that it is shown. */
  toldSeq: number;
}

/** The streams of one workspace. */
interface Group {
  readonly workspace: WorkspaceOf;
  readonly streams: Set<Stream>;
  seq: number;
  epoch: string;
  terms: Sight['terms'] | null;
  /** Streams that are about to begin. */
  joining: number;
  /** One thing at a time. */
  turn: Promise<void>;
  timer: NodeJS.Timeout | null;
}

/** All streams of a process. */
export class StreamHub {
  readonly #options: StreamOptions;
  readonly #groups = new Map<string, Group>();
  readonly #heart: NodeJS.Timeout;
  #count = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#heart = setInterval(() => this.#beat(), heartbeatMs);
    this.#heart.unref();
  }

  get count(): number {
    return this.#count;
  }

  /** Workspaces that somebody listens to, with the place up to which they were told. */
  listenedTo(): readonly { readonly workspace: WorkspaceOf; readonly seq: number; readonly epoch: string }[] {
    return [...this.#groups.values()];
  }

  /** Lets a device listen until `leave`; null where the server has as many streams as it can serve. */
  async join(given: {
    readonly workspace: WorkspaceOf;
    readonly viewer: Viewer;
    readonly again: () => Promise<Viewer | null>;
    readonly outlet: Outlet;
  }): Promise<(() => void) | null> {
    const { workspace, viewer, again, outlet } = given;
    if (this.#count >= (this.#options.streamsMax ?? streamsMaxUsual)) return null;
    const { grounds, view, counter, terms } = await this.#look(workspace, viewer);
    const stream: Stream = { outlet, again, viewer, grounds: shared(grounds), view, toldSeq: counter.seq };
    const group = this.#groupOf(workspace);
    group.joining += 1;
    await this.#inTurn(group, async () => {
      await this.#tell(group);
      // Whatever came before the stream began is pulled.
      stream.toldSeq = group.seq;
      group.streams.add(stream);
      this.#count += 1;
      this.#endOldest(group, viewer.deviceId);
      this.#send(group, stream, resync(group, stream, 0));
      // The terms may have changed since it was looked at.
      if (group.terms !== terms) await this.#lookAgain(group, this.#movedIn(group, counter.now));
    });
    group.joining -= 1;
    if (!group.streams.has(stream)) {
      this.#forget(group);
      return null;
    }
    return () => this.#leave(group, stream);
  }

  /** Something was written in a workspace, here or elsewhere: those who listen are told in a moment. */
  noticed(workspaceId: string): void {
    const group = this.#groups.get(workspaceId);
    if (!group || group.timer) return;
    group.timer = setTimeout(() => {
      group.timer = null;
      void this.#inTurn(group, () => this.#tell(group));
    }, this.#options.gatherMs ?? gatherMsUsual);
  }

  /** Somebody may do something else than before, or nothing any more. */
  async standingChanged(personId: string): Promise<void> {
    for (const group of this.#groups.values()) {
      const own = [...group.streams].filter(({ viewer }) => viewer.personId === personId);
      if (own.length > 0) await this.#inTurn(group, () => this.#lookAgain(group, own));
    }
  }

  close(): void {
    clearInterval(this.#heart);
    for (const group of this.#groups.values()) {
      if (group.timer) clearTimeout(group.timer);
      for (const stream of group.streams) stream.outlet.end();
      group.streams.clear();
    }
    this.#groups.clear();
    this.#count = 0;
  }

  #groupOf(workspace: WorkspaceOf): Group {
    const known = this.#groups.get(workspace.workspaceId);
    if (known) return known;
    const turn = Promise.resolve();
    const group: Group = {
      workspace,
      streams: new Set(),
      seq: -1,
      epoch: '',
      terms: null,
      joining: 0,
      turn,
      timer: null,
    };
    this.#groups.set(workspace.workspaceId, group);
    return group;
  }

  #inTurn(group: Group, work: () => Promise<void>): Promise<void> {
    group.turn = group.turn.then(work).catch((error: unknown) => this.#options.onFailure(error));
    return group.turn;
  }

  /** Reads what came since the last time, and tells it. */
  async #tell(group: Group): Promise<void> {
    const { database, cache } = this.#options;
    const { organisationId, workspaceId } = group.workspace;
    const read = await database.inOrganisation(
      organisationId,
      async (transaction) => {
        const counter = await readCounter(transaction, workspaceId);
        if (!counter) return null;
        const terms = await termsAtLeast(transaction, { cache, workspaceId, counter });
        const isNext = counter.epoch === group.epoch && counter.seq >= group.seq;
        const stretch = { workspaceId, afterSeq: group.seq, upToSeq: counter.seq };
        const isMuch = counter.seq - group.seq > limits.pageRowsMax;
        if (!isNext || isMuch || counter.seq === group.seq) return { counter, terms, isNext, news: null };
        const kinds = new Set([...group.streams].map(({ grounds }) => grounds.kind));
        const clear = kinds.has('clear') ? (await clearDocuments(transaction, stretch)).text : '';
        const stored = kinds.has('partial') ? await storedDocuments(transaction, stretch) : [];
        return { counter, terms, isNext, news: { clear, stored } };
      },
      { readOnly: true },
    );
    if (!read) return;
    const { counter, terms, isNext, news } = read;
    const isUnchanged = isNext && counter.seq === group.seq;
    const termsBefore = group.terms;
    Object.assign(group, { seq: counter.seq, epoch: counter.epoch, terms });
    if (news) this.#tellNews(group, { counter, news });
    else if (!isUnchanged) for (const stream of group.streams) this.#tellToPull(group, stream);
    if (termsBefore !== terms) await this.#lookAgain(group, this.#movedIn(group, counter.now));
  }

  /** Streams whose person may see something else by now. */
  #movedIn({ terms, streams }: Group, now: Instant): readonly Stream[] {
    if (terms === null) return [];
    return [...streams].filter(({ viewer, grounds }) => shared(groundsOf(terms, viewer, now)) !== grounds);
  }

  #tellNews(
    group: Group,
    given: { readonly counter: Counter; readonly news: { readonly clear: string; readonly stored: StoredDocuments } },
  ): void {
    const { counter, news } = given;
    const chunks = new Map<string, Buffer | null>();
    for (const stream of group.streams) {
      const key = `${stream.view}/${stream.toldSeq}`;
      let chunk = chunks.get(key);
      if (chunk === undefined) {
        chunk = chunkOf(group, stream, { news, secret: counter.secret });
        chunks.set(key, chunk);
      }
      if (chunk === null) continue;
      stream.toldSeq = group.seq;
      this.#send(group, stream, chunk);
    }
  }

  #tellToPull(group: Group, stream: Stream): void {
    stream.toldSeq = group.seq;
    this.#send(group, stream, resync(group, stream, resyncWithinMs));
  }

  /** Streams whose person may see something else, or nothing, from now on. */
  async #lookAgain(group: Group, streams: readonly Stream[]): Promise<void> {
    for (const stream of streams) {
      const viewer = await stream.again();
      if (viewer === null) {
        stream.outlet.write(eventOf('{"kind":"revoked"}'));
        stream.outlet.end();
        this.#leave(group, stream);
        continue;
      }
      const { grounds, view } = await this.#look(group.workspace, viewer);
      const isOther = view !== stream.view;
      Object.assign(stream, { viewer, grounds: shared(grounds), view });
      if (isOther) this.#tellToPull(group, stream);
    }
  }

  #look(workspace: WorkspaceOf, viewer: Viewer): Promise<Sight> {
    const { database, cache } = this.#options;
    return lookUntilSeen({ database, cache, workspace, viewer });
  }

  #send(group: Group, stream: Stream, chunk: Buffer): void {
    if (stream.outlet.write(chunk)) return;
    stream.outlet.end();
    this.#leave(group, stream);
  }

  #endOldest(group: Group, deviceId: string): void {
    const own = [...group.streams].filter(({ viewer }) => viewer.deviceId === deviceId);
    for (const stream of own.slice(0, Math.max(own.length - streamsOfDeviceMax, 0))) {
      stream.outlet.end();
      this.#leave(group, stream);
    }
  }

  #leave(group: Group, stream: Stream): void {
    if (!group.streams.delete(stream)) return;
    this.#count -= 1;
    this.#forget(group);
  }

  /** A workspace to which nobody listens any more. */
  #forget(group: Group): void {
    if (group.streams.size + group.joining > 0) return;
    if (group.timer) clearTimeout(group.timer);
    if (this.#groups.get(group.workspace.workspaceId) === group) this.#groups.delete(group.workspace.workspaceId);
  }

  #beat(): void {
    for (const group of this.#groups.values()) {
      for (const stream of group.streams) this.#send(group, stream, heartbeat);
    }
  }
}

const heartbeat = Buffer.from(': still here\n\n');

/** One object for equal grounds, so that thousands of streams keep it once and can be told apart at a glance. */
function shared(grounds: Grounds): Grounds {
  const text = JSON.stringify(grounds);
  const known = groundsByText.get(text)?.deref();
  if (known) return known;
  groundsByText.set(text, new WeakRef(grounds));
  if (groundsByText.size > groundsMax) {
    for (const [key, kept] of groundsByText) if (!kept.deref()) groundsByText.delete(key);
  }
  return grounds;
}

const groundsByText = new Map<string, WeakRef<Grounds>>();
const groundsMax = 50_000;

/** What a stream is told of the news; null where nothing of it is shown. */
function chunkOf(
  group: Group,
  stream: Stream,
  given: {
    readonly news: { readonly clear: string; readonly stored: StoredDocuments };
    readonly secret: Buffer;
  },
): Buffer | null {
  const { grounds, view, toldSeq } = stream;
  const documents = grounds.kind === 'clear' ? given.news.clear : partialText(group, grounds, given);
  if (documents === '') return null;
  const checkpoint = JSON.stringify({ epoch: group.epoch, view, seq: group.seq });
  const text = `{"kind":"changes","afterSeq":${toldSeq},"documents":[${documents}],"checkpoint":${checkpoint}}`;
  const chunk = eventOf(text);
  return chunk.length <= limits.streamBytesMax ? chunk : resync(group, stream, resyncWithinMs);
}

function partialText(
  group: Group,
  grounds: Grounds & { readonly kind: 'partial' },
  { news, secret }: { readonly news: { readonly stored: StoredDocuments }; readonly secret: Buffer },
): string {
  const view = new PartialView(grounds, { workspaceId: group.workspace.workspaceId, secret });
  return shownDocuments(news.stored, view)
    .map((document) => JSON.stringify(document))
    .join(',');
}

function resync(group: Group, { view }: Stream, withinMs: number): Buffer {
  return eventOf(JSON.stringify({ kind: 'resync', epoch: group.epoch, view, seq: group.seq, withinMs }));
}

function eventOf(text: string): Buffer {
  return Buffer.from(`data: ${text}\n\n`);
}
