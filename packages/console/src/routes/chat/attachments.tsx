/** The files that go with what is being written: pictures as they look, and what their size means. */
import { CloseButton, Group, Text } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { bytes } from '../../components/download.js';
import { isPicture, useObjectUrl } from '../../components/pictures.js';
import { texts } from '../../texts.js';

/** Base64 takes a third more than the file. */
const OF_BASE64 = 4 / 3;
/** What servers take in one request unless they are told otherwise (CONTINUO_BODY_LIMIT_BYTES). */
const USUAL_LIMIT_BYTES = 10 * 1024 ** 2;

interface AttachmentsProps {
  readonly files: readonly File[];
  readonly onRemove: (file: File) => void;
}

export function Attachments({ files, onRemove }: AttachmentsProps) {
  if (files.length === 0) return null;
  const whole = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <div>
      <Group gap={8} role="list" aria-label={texts.chat.files}>
        {files.map((file, index) => (
          <Group key={index} role="listitem" gap={8} wrap="nowrap" className="attachment">
            {isPicture(file.type) ? <Thumbnail file={file} /> : <IconFile size={18} aria-hidden />}
            <div style={{ minWidth: 0 }}>
              <Text size="xs" className="one-line" maw={160}>
                {file.name}
              </Text>
              <Text size="xs" c="dimmed">
                {bytes(file.size)}
              </Text>
            </div>
            <CloseButton size="xs" aria-label={texts.chat.removeFile(file.name)} onClick={() => onRemove(file)} />
          </Group>
        ))}
      </Group>
      {whole * OF_BASE64 > USUAL_LIMIT_BYTES ? (
        <Text size="xs" c="var(--mantine-color-error)" mt={6} role="status">
          {texts.chat.tooLarge(bytes(whole), bytes(USUAL_LIMIT_BYTES / OF_BASE64))}
        </Text>
      ) : null}
    </div>
  );
}

function Thumbnail({ file }: { readonly file: File }) {
  const url = useObjectUrl(file);
  return url === undefined ? null : <img src={url} alt="" className="thumbnail" />;
}
