/** A diagram in Mermaid, as a picture: nothing in a picture runs, is loaded or can be clicked. */
import { SegmentedControl, useComputedColorScheme } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { texts } from '../../texts.js';
import { CodeBlock } from './code-block.js';

/** While it is written it is drawn once nothing has come for a while. */
const DRAW_AFTER_MS = 400;

export function Diagram({ text }: { readonly text: string }) {
  const [asCode, setAsCode] = useState(false);
  const picture = usePicture(text);
  if (picture === undefined) return <CodeBlock text={text} language="mermaid" />;
  const choice = (
    <SegmentedControl
      size="xs"
      value={asCode ? 'code' : 'diagram'}
      onChange={(next) => setAsCode(next === 'code')}
      data={[
        { value: 'diagram', label: texts.common.diagram },
        { value: 'code', label: texts.common.code },
      ]}
    />
  );
  if (asCode) return <CodeBlock text={text} language="mermaid" more={choice} />;
  return (
    <figure className="diagram">
      <div className="code-bar diagram-bar">{choice}</div>
      <img src={picture} alt={texts.common.diagramOf(text.trim().split(/\s/, 1)[0] ?? '')} />
    </figure>
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
