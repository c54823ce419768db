/** Says that no language model is configured, and how to set one, until somebody in this browser has read it. */
import { CloseButton, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { caller } from '../api/caller.js';
import { Watchers } from '../api/watchers.js';
import { asDialog, later } from '../components/later.js';
import { texts } from '../texts.js';

/** Few look at it, so that nobody waits for it. */
const ModelDialog = later(() => import('./model-dialog.js').then((loaded) => loaded.ModelDialog), asDialog);
const DISMISSED = 'continuo-model-banner';
/** What the server said last. */
const MODEL = 'continuo-language-model';
const watchers = new Watchers();

function isDismissed(): boolean {
  return localStorage.getItem(DISMISSED) === 'dismissed';
}

function dismiss(): void {
  localStorage.setItem(DISMISSED, 'dismissed');
  watchers.tell();
}

/**
 * Whether it is shown, or has its place kept until the server has said whether there is a model: then nothing moves when it
 * comes. Where there was a model before, none is kept.
 */
export function useModelBanner(): 'shown' | 'kept' | 'none' {
  const { data, isPending } = useQuery(caller);
  const dismissed = useSyncExternalStore(watchers.watch, isDismissed);
  const configured = data?.languageModel;
  useEffect(() => {
    if (configured !== undefined) localStorage.setItem(MODEL, configured ? 'configured' : 'none');
  }, [configured]);
  if (dismissed || configured === true) return 'none';
  if (configured === false) return 'shown';
  return isPending && localStorage.getItem(MODEL) !== 'configured' ? 'kept' : 'none';
}

export function ModelBanner() {
  const [explained, setExplained] = useState(false);
  return (
    <section className="model-banner" aria-label={texts.model.none}>
      <Text size="sm" className="model-banner-text">
        {texts.model.none} {texts.model.placeholder}
      </Text>
      <UnstyledButton className="model-banner-how" onClick={() => setExplained(true)}>
        {texts.model.how}
      </UnstyledButton>
      <CloseButton size="sm" aria-label={texts.model.dismiss} onClick={dismiss} />
      {explained ? <ModelDialog onClose={() => setExplained(false)} /> : null}
    </section>
  );
}
