/** A diagram in Mermaid, as a picture: nothing in a picture runs, is loaded or can be clicked. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { texts } from '../../texts.js';
import { OrAsWritten } from './or-as-written.js';

/** While it is written it is drawn once nothing has come for a while. */
const DRAW_AFTER_MS = 400;

export function Diagram({ text }: { readonly text: string }) {
  const picture = usePicture(text);
  const kind = text.trim().split(/\s/, 1)[0] ?? '';
  return (
    <OrAsWritten
      text={text}
      language="mermaid"
      label={texts.common.diagram}
      writtenLabel={texts.common.code}
      className="diagram"
    >
      {picture === undefined ? undefined : (
        <figure>
          <img src={picture} alt={texts.common.diagramOf(kind)} />
        </figure>
      )}
    </OrAsWritten>
  );
}

/** Undefined until it is drawn, and for what can't be. */
function usePicture(text: string): string | undefined {
  const id = useId().replaceAll(/\W/g, '');
  const scheme = useComputedColorScheme('light');
  const [drawn, setDrawn] = useState<{ readonly url: string; readonly of: string }>();
  useEffect(() => {
    let shown = true;
    let url: string | undefined;
    const timer = setTimeout(() => {
      import('./draw-diagram.js')
        .then(({ drawDiagram }) => drawDiagram(`diagram-${id}`, text, scheme))
        .then(
          (svg) => {
            if (!shown) return;
            url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
            setDrawn({ url, of: text });
          },
          () => undefined,
        );
    }, DRAW_AFTER_MS);
    return () => {
      shown = false;
      clearTimeout(timer);
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [id, text, scheme]);
  return drawn?.of === text ? drawn.url : undefined;
}
