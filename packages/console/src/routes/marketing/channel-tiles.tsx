/** The channels of a campaign as tiles, each chosen by itself; one that doesn't exist stands there until it is taken out. */
import { Checkbox, Text } from '@mantine/core';
import {
  IconAd2,
  IconArticle,
  IconBrandInstagram,
  IconBrandLinkedin,
  IconBrandX,
  IconMail,
  IconNews,
  IconQuestionMark,
  IconWorld,
  type Icon,
} from '@tabler/icons-react';
import { marketingTexts } from '../../texts/marketing.js';

const icons: Readonly<Record<string, Icon>> = {
  'landing-page': IconWorld,
  'blog-post': IconArticle,
  'email-sequence': IconMail,
  linkedin: IconBrandLinkedin,
  'x-thread': IconBrandX,
  instagram: IconBrandInstagram,
  'ad-copy': IconAd2,
  'press-release': IconNews,
};

interface ChannelTilesProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly error: string | undefined;
}

export function ChannelTiles({ chosen, onChange, error }: ChannelTilesProps) {
  const unknown = chosen.filter((id) => !(id in marketingTexts.names));
  return (
    <Checkbox.Group
      label={marketingTexts.channels}
      description={marketingTexts.channelsHint}
      value={[...chosen]}
      onChange={onChange}
      error={error}
    >
      <div className="channel-tiles">
        {[...Object.keys(marketingTexts.names), ...unknown].map((id) => {
          const Sign = icons[id] ?? IconQuestionMark;
          return (
            <Checkbox.Card
              key={id}
              value={id}
              className="channel-tile"
              aria-invalid={unknown.includes(id) || undefined}
            >
              <Sign size={20} stroke={1.6} aria-hidden />
              <Text span size="sm" flex={1}>
                {marketingTexts.names[id] ?? id}
              </Text>
              <Checkbox.Indicator size="xs" />
            </Checkbox.Card>
          );
        })}
      </div>
    </Checkbox.Group>
  );
}
