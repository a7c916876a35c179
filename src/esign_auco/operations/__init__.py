"""Operations only Auco has, to be run by a client: `client.run(operations.unlock, code, action="approve")`."""
