export const topicNames = [
  'environment',
  'exit-codes',
  'filters',
  'dates',
  'formats',
  'cron',
] as const;
export type TopicName = (typeof topicNames)[number];
