import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/cognito/latest/developerguide';
const API = 'docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference';
const CLIENT = `${API}/API_CreateUserPoolClient.html`;
const TOKEN = `${GUIDE}/token-endpoint.html`;
const AUTHORIZE = `${GUIDE}/authorization-endpoint.html`;
const QUOTAS = `${GUIDE}/quotas.html`;
const PARAMETER = 'InvalidParameterException';

/** What a user pool and its managed login refuse. Names in lower case are OAuth errors. */
export const COGNITO_LIMITS = limitTable('Cognito user pools', {
  tokenValidity: {
    operation: 'CreateUserPoolClient',
    limit: 'Validity of access and of identity tokens, seconds',
    min: 300,
    max: 86_400,
    error: PARAMETER,
    source: CLIENT,
  },
  refreshTokenValidity: {
    operation: 'CreateUserPoolClient',
    limit: 'Validity of refresh tokens, seconds',
    min: 3600,
    max: 315_360_000,
    error: PARAMETER,
    source: CLIENT,
  },
  callbackUrls: {
    operation: 'CreateUserPoolClient',
    limit: 'CallbackURLs, and LogoutURLs',
    max: 100,
    error: PARAMETER,
    source: CLIENT,
  },
  callbackUrl: {
    operation: 'CreateUserPoolClient',
    limit: 'A callback or logout URL, characters',
    min: 1,
    max: 1024,
    error: PARAMETER,
    source: CLIENT,
  },
  callbackShape: {
    operation: 'CreateUserPoolClient',
    limit: 'A callback or logout URL that is relative, has a fragment, or is of http and not of localhost',
    error: PARAMETER,
    source: CLIENT,
  },
  scopes: {
    operation: 'CreateUserPoolClient',
    limit: 'AllowedOAuthScopes',
    max: 50,
    error: PARAMETER,
    source: CLIENT,
  },
  passwordLength: {
    operation: 'CreateUserPool',
    limit: 'PasswordPolicy.MinimumLength, characters',
    min: 6,
    max: 99,
    error: PARAMETER,
    source: `${API}/API_PasswordPolicyType.html`,
  },
  groupName: {
    operation: 'CreateGroup',
    limit: 'Name of a group, characters, without spaces',
    min: 1,
    max: 128,
    error: PARAMETER,
    source: `${API}/API_CreateGroup.html`,
  },
  groups: {
    operation: 'AdminAddUserToGroup',
    limit: 'Groups of a user',
    max: 100,
    error: 'LimitExceededException',
    source: QUOTAS,
  },
  username: {
    operation: 'Managed login',
    limit: 'Username or its alias, characters, without spaces',
    min: 1,
    max: 128,
    error: 'invalid_request',
    source: `${API}/API_SignUp.html`,
  },
  pool: {
    operation: 'AdminCreateUser, AdminSetUserPassword, AdminInitiateAuth, AdminDeleteUser',
    limit: 'A user pool that does not exist',
    error: 'ResourceNotFoundException',
    source: `${API}/API_AdminCreateUser.html`,
  },
  adminUsername: {
    operation: 'AdminCreateUser, AdminSetUserPassword, AdminDeleteUser',
    limit: 'Username, characters, without spaces',
    min: 1,
    max: 128,
    error: PARAMETER,
    source: `${API}/API_AdminCreateUser.html`,
  },
  usernameShape: {
    operation: 'AdminCreateUser',
    limit:
      'In a pool whose UsernameAttributes are email: a Username that is no address, or other than the attribute email',
    error: PARAMETER,
    source: `${GUIDE}/user-pool-settings-attributes.html`,
  },
  userExists: {
    operation: 'AdminCreateUser',
    limit: 'A user who exists',
    error: 'UsernameExistsException',
    source: `${API}/API_AdminCreateUser.html`,
  },
  user: {
    operation: 'AdminSetUserPassword, AdminDeleteUser; AdminInitiateAuth without PreventUserExistenceErrors',
    limit: 'A user who does not exist',
    error: 'UserNotFoundException',
    source: `${API}/API_AdminSetUserPassword.html`,
  },
  password: {
    operation: 'AdminSetUserPassword',
    limit: 'Password, characters, without spaces',
    min: 1,
    max: 256,
    error: PARAMETER,
    source: `${API}/API_AdminSetUserPassword.html`,
  },
  passwordPolicy: {
    operation: 'AdminCreateUser, AdminSetUserPassword',
    limit: "A password that the pool's policy does not take",
    error: 'InvalidPasswordException',
    source: `${GUIDE}/managing-users-passwords.html`,
  },
  adminClient: {
    operation: 'AdminInitiateAuth',
    limit: 'A client that the pool does not have',
    error: 'ResourceNotFoundException',
    source: `${API}/API_AdminInitiateAuth.html`,
  },
  flow: {
    operation: 'AdminInitiateAuth',
    limit: "A flow that is not in the client's ExplicitAuthFlows",
    error: PARAMETER,
    source: `${API}/API_AdminInitiateAuth.html`,
  },
  parameter: {
    operation: 'AdminInitiateAuth',
    limit: 'ADMIN_USER_PASSWORD_AUTH without USERNAME or PASSWORD',
    error: PARAMETER,
    source: `${API}/API_AdminInitiateAuth.html`,
  },
  credentials: {
    operation: 'AdminInitiateAuth',
    limit: 'A wrong password; with PreventUserExistenceErrors also a user who does not exist',
    error: 'NotAuthorizedException',
    source: `${GUIDE}/cognito-user-pool-managing-errors.html`,
  },
  triggerRefusal: {
    operation: 'SignUp, AdminCreateUser, first sign-in by a provider',
    limit: 'An account that the pre sign-up trigger answers with an error',
    error: 'UserLambdaValidationException',
    source: `${API}/API_SignUp.html`,
  },
  triggerAnswer: {
    operation: 'SignUp, AdminCreateUser, first sign-in by a provider',
    limit: 'An answer of the trigger that is not the event with its response',
    error: 'InvalidLambdaResponseException',
    source: `${API}/API_SignUp.html`,
  },
  triggerInvocation: {
    operation: 'SignUp, AdminCreateUser, first sign-in by a provider',
    limit: 'A trigger whose function cannot be invoked, since it is throttled',
    error: 'UnexpectedLambdaException',
    source: `${API}/API_SignUp.html`,
  },
  redirect: {
    operation: 'GET /oauth2/authorize',
    limit: 'A redirect_uri that is not exactly a callback URL of the client; the browser is not redirected',
    error: 'redirect_mismatch',
    source: AUTHORIZE,
  },
  scope: {
    operation: 'GET /oauth2/authorize',
    limit: 'A scope that the client is not allowed',
    error: 'invalid_scope',
    source: AUTHORIZE,
  },
  challenge: {
    operation: 'GET /oauth2/authorize',
    limit: 'A code_challenge that is not the SHA-256 of a verifier: 43 characters of base64url',
    error: 'invalid_request',
    source: `${GUIDE}/using-pkce-in-authorization-code.html`,
  },
  verifier: {
    operation: 'POST /oauth2/token',
    limit: 'code_verifier, characters, of letters, digits and - . _ ~ (RFC 7636; the error was not seen in AWS)',
    min: 43,
    max: 128,
    error: 'invalid_request',
    source: `${GUIDE}/using-pkce-in-authorization-code.html`,
  },
  client: {
    operation: 'POST /oauth2/token',
    limit: 'A client that does not exist',
    error: 'invalid_client',
    source: TOKEN,
  },
  grantType: {
    operation: 'POST /oauth2/token',
    limit: 'A grant type other than authorization_code and refresh_token',
    error: 'unsupported_grant_type',
    source: TOKEN,
  },
  codeMs: {
    operation: 'POST /oauth2/token',
    limit: 'Milliseconds since the code was handed out',
    max: 299_999,
    error: 'invalid_grant',
    source: AUTHORIZE,
  },
  grant: {
    operation: 'POST /oauth2/token',
    limit:
      'A code that was used, or is of another client, redirect_uri or verifier; a refresh token that was rotated or revoked',
    error: 'invalid_grant',
    source: TOKEN,
  },
  refreshExpired: {
    operation: 'POST /oauth2/token',
    limit: 'A refresh token after its validity, 30 days unless the client says otherwise',
    error: 'invalid_grant',
    source: `${GUIDE}/amazon-cognito-user-pools-using-the-refresh-token.html`,
  },
});
