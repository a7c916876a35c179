"""The rules that a draft and a resend must keep at ArqSign."""
