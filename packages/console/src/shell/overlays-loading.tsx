/** Fetches the overlays when the first page is there, or when something asks for them before. */
import { useEffect, useSyncExternalStore, type ComponentType } from 'react';
import { Watchers } from '../api/watchers.js';
import { whenIdle } from './when-idle.js';

const watchers = new Watchers();
let Overlays: ComponentType | undefined;
let tellThere = (): void => undefined;
const there = new Promise<void>((resolve) => (tellThere = resolve));

/** What can't be fetched now is tried again when somebody asks next. */
async function load(): Promise<void> {
  const loaded = await import('./overlays.js').catch(() => undefined);
  if (loaded === undefined) return;
  Overlays = loaded.Overlays;
  watchers.tell();
}

/** Resolves when there is a place for dialogs: one that is opened before is nowhere. */
export function overlays(): Promise<void> {
  if (Overlays === undefined) void load();
  return there;
}

export function overlaysAreThere(): void {
  tellThere();
}

export function OverlaysLater() {
  useEffect(() => whenIdle(() => void load()), []);
  const Loaded = useSyncExternalStore(watchers.watch, () => Overlays);
  return Loaded === undefined ? null : <Loaded />;
}
