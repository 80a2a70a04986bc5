import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { Alarms } from '../alarms';

/** A construct that is to be watched. */
export interface Found {
  /** What is watched or left: the L2, or the L1 where there is none. */
  readonly resource: IConstruct;
  /** Adds the usual alarms, for what no pattern watches by a name of its own. */
  readonly watch: (alarms: Alarms, id: string) => void;
  /** Counts the ERROR lines of its log, unless a pattern does. @default - its kind writes no log of ours */
  readonly watchLines?: (alarms: Alarms, id: string) => void;
  /** Its lines in the row of its kind. @default - its kind has no row */
  readonly row?: FoundRow;
}

/** The row of a kind of resources that no row of the pattern shows. */
export interface FoundRow {
  readonly title: string;
  /** What metrics call the resource: the value of a dimension. */
  readonly name: string;
  /** The resource's metric of each graph. */
  readonly graphs: Readonly<Record<string, Metric>>;
}

/** A kind of resource that patterns watch. */
export interface WatchedKind {
  /** Resource types of CloudFormation that it covers. */
  readonly types: readonly string[];
  /** What a construct is found as; undefined for one of another kind. */
  readonly find: (node: IConstruct) => Found | undefined;
}
