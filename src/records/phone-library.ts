// A chunk of its own, which is loaded late: few numbers need it, and it has all countries' plans.
export { parsePhoneNumberFromString } from 'libphonenumber-js/min';
