/** Parts of the console whose code is fetched when it is first shown: one that can't be fetched takes nothing else with it. */
import { useEffect, useSyncExternalStore, type ComponentType, type FunctionComponent, type ReactNode } from 'react';
import { feed } from '../api/feed.js';
import { pageAddress } from '../api/place.js';
import { Watchers } from '../api/watchers.js';
import { texts } from '../texts.js';
import { Failed, Loading } from './conditions.js';

/** What this tab was loaded again for, which it is once. */
const RELOADED = 'continuo-reloaded';

interface LaterOptions<Props> {
  readonly waiting?: (props: Props) => ReactNode;
  /** Stands in its place when it can't be fetched. */
  readonly missing?: (props: Props, again: () => void) => ReactNode;
}

type Later<Props> = FunctionComponent<Props> & { readonly preload: () => Promise<void> };

/**
 * The router's own way, and React's, leaves the page when its code can't be fetched, or never asks for it again. This asks
 * again whenever it is shown anew and when the server is back.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { waiting = () => <Loading />, missing = (_, again) => <Missing again={again} /> }: LaterOptions<Props> = {},
): Later<Props> {
  const watchers = new Watchers();
  let shown: ComponentType<Props> | 'waiting' | 'missing' = 'waiting';
  let loading: Promise<unknown> | undefined;
  const become = (next: typeof shown): void => {
    shown = next;
    watchers.tell();
  };
  /** Resolves with why it isn't there; undefined when it is. */
  const fetched = (): Promise<unknown> =>
    (loading ??= load()
      .then(
        (component) => become(component),
        (error: unknown) => error ?? new Error(),
      )
      .finally(() => (loading = undefined)));
  const again = async (): Promise<void> => {
    if (shown === 'missing') become('waiting');
    const error = await fetched();
    if (error !== undefined && !(await isReloadedFor(error))) become('missing');
  };
  function Part(props: Props) {
    const Shown = useSyncExternalStore(watchers.watch, () => shown);
    useEffect(() => {
      if (typeof shown === 'string') void again();
    }, []);
    if (Shown === 'waiting') return waiting(props);
    return Shown === 'missing' ? missing(props, () => void again()) : <Shown {...props} />;
  }
  return Object.assign(Part, { preload: async () => void (typeof shown === 'string' && (await fetched())) });
}

interface MissingProps {
  readonly again: () => void;
}

function Missing({ again }: MissingProps) {
  useEffect(() => {
    const unwatch = feed.watch(() => (feed.connection() === 'open' ? again() : undefined));
    window.addEventListener('online', again);
    return () => {
      unwatch();
      window.removeEventListener('online', again);
    };
  }, [again]);
  return <Failed error={new Error(texts.common.notFetched)} retry={again} />;
}

/** One that can't be fetched is closed: the next press asks for it again. */
export const asDialog = {
  waiting: () => null,
  missing: ({ onClose }: DialogProps) => <Closed onClose={onClose} />,
};

interface DialogProps {
  readonly onClose: () => void;
}

function Closed({ onClose }: DialogProps) {
  useEffect(onClose, [onClose]);
  return null;
}

/** A server that answers and doesn't have the code has another console than this one. */
async function isReloadedFor(error: unknown): Promise<boolean> {
  const reason = `${location.pathname} ${String(error)}`;
  if (sessionStorage.getItem(RELOADED) === reason) return false;
  const answers = await fetch(pageAddress(''), { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!answers) return false;
  sessionStorage.setItem(RELOADED, reason);
  location.reload();
  return true;
}
