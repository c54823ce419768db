/** An artifact whose content is too large for a page: how large it is, and how it is kept. */
import { Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Artifact } from '@continuo/client';
import { fetchContent, type ContentElsewhere } from '../tasks/artifact-content.js';
import { texts } from '../texts.js';
import { bytes, fileNameOf, save } from './download.js';

export function TooLarge({ content }: { readonly content: ContentElsewhere }) {
  return (
    <Text size="sm" c="dimmed">
      {content.address === undefined ? texts.task.tooLargeAndGone : texts.task.tooLarge(bytes(content.bytes))}
    </Text>
  );
}

/** Fetches the content and saves it as a file. */
export function useKeep(artifact: Artifact, content: ContentElsewhere | undefined) {
  return useMutation({
    mutationFn: async () => {
      if (content?.address !== undefined) save(await fetchContent(content.address), fileNameOf({}, artifact));
    },
  });
}
