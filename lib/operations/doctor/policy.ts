import { OPERATIONS } from './aws/operations';

/** A policy with each action that the doctor may need, and no other. */
export function policy(): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'GroundplanDoctorReads',
        Effect: 'Allow',
        Action: Object.keys(OPERATIONS).sort(),
        Resource: '*',
      },
    ],
  };
}
