"""What a draft must keep so that Auco accepts it: judged before anything is sent, all problems at once."""
