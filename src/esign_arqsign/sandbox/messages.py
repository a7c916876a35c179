"""The vendor's messages, letter for letter, and the sandbox's own where the manual prints none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# The application.
UNAUTHORIZED: Final = "Acesso não autorizado."
NO_METHOD: Final = "Método não encontrado."
UNKNOWN_PARAMETER: Final = "Algum parâmetro está incorreto ou é inexistente."
DELETED: Final = "Documento excluído."
CONCLUDED: Final = "Documento concluído."
CANCELLED: Final = "Documento cancelado."
CREATED: Final = 'Documento com status "Criado".'
CANCEL_DONE: Final = "Documento cancelado com sucesso"

# The send methods.
ORDER_MISSING: Final = (
    "Quando o parâmetro usarOrdemDeAssinatura for igual a true, é obrigatório definir ordem de assinatura para o(s) "
    "signatário(s) com ação de Assinar Online."
)
SAME_PERSON_TWICE: Final = (
    "Existem destinatários duplicados na mesma posição de ordem de assinatura. Verifique a lista de destinatários e "
    "configure uma ordem de assinatura diferente para os destinatários duplicados ou remova os repetidos"
)
REPRESENTATION: Final = "O parâmetro representacaoVisualAssinatura permite somente valor 1, 2 ou 3."
NO_CONTACT: Final = "O parâmetro email ou telefone é obrigatório."
BAD_EMAIL: Final = "E-mail inválido."
BAD_PHONE: Final = "Telefone inválido."
TWO_CONTACTS: Final = "Somente é possível enviar o processo para um e-mail ou telefone. Escolha uma forma de envio."
NO_WHATSAPP: Final = (
    "Somente é possível enviar processos por WhatsApp para signatários com tipo de assinatura eletrônica ou com ação "
    "de receber cópia."
)
UNKNOWN_ROLE: Final = "O(s) Papel(is) do(s) Signatário(s) informado(s) não existe(m) para a conta."
CODE_CHANNEL: Final = "O parâmetro idMeioEnvio permite somente valores 1, 2, 3 ou 4."
CODE_EMAIL: Final = "O parâmetro codigoSegurancaEmail é obrigatório quando o parâmetro idMeioEnvio for igual a 3."
CODE_PHONE: Final = (
    "O parâmetro codigoSegurancaTelefone é obrigatório quando o parâmetro idMeioEnvio for igual a 1 ou 2."
)
PARTIAL_ATTACHMENT: Final = (
    "Os parâmetros contidos em anexos não são obrigatórios, mas quando for enviado pelo menos um parâmetro nesta "
    "coleção, os demais se tornam necessários."
)
SAME_ATTACHMENT: Final = "Não é permitido configurar anexos com mesmo nome."
OUTSIDE_PAGE: Final = "Posicionamento definirPosicaoAssinaturaManual fora dos limites da página."
SAME_REPRESENTATION: Final = "Somente é permitido uma representação por tipo de assinatura."
DOCUMENT_ORDER_MISSING: Final = (
    "O parâmetro documentoDeOrdem é obrigatório quando no processo possuir mais de um arquivo para assinatura."
)
NO_PERSON_POSITION: Final = (
    "É necessário enviar os parâmetros pessoaFisica em definirPosicaoAssinaturaManual para os signatários com o "
    "parâmetro assinarComo = 1 ou 3 em todos os arquivos do processo."
)
NO_COMPANY_POSITION: Final = (
    "É necessário enviar os parâmetros pessoaJuridica em definirPosicaoAssinaturaManual para signatários com o "
    "parâmetro assinarComo = 2 ou 3 em todos os arquivos do processo."
)
SIGNATURE_TYPE: Final = "O parâmetro idTipoAssinatura permite somente valores 1, 3 ou 4."
PERSON_DOCUMENT_TYPE: Final = "O parâmetro tipoDocumentoAInformar permite somente valores 1, 2, 3 ou 4."
PERSON_OTHER_BLOCK: Final = (
    "O parâmetro configuracaoDocumentoOutro é obrigatório quando tipoDocumentoAInformar for igual a 4."
)
COMPANY_DOCUMENT_TYPE: Final = "O parâmetro tipoDocumentoEmpresaAInformar permite somente valores 4 ou 5."
COMPANY_OTHER_BLOCK: Final = (
    "O parâmetro configuracaoDocumentoEmpresaOutro é obrigatório quando tipoDocumentoEmpresaAInformar for igual a 4."
)
NAME_TOO_LONG: Final = "São permitidos até 250 caracteres no parâmetro nome."
PERSON_NUMBER: Final = (
    "O valor informado no parâmetro numeroDocumento é inválido para o tipo definido no parâmetro "
    "tipoDocumentoAInformar."
)
COMPANY_NUMBER: Final = (
    "O valor informado no parâmetro numeroDocumento é inválido para o tipo definido no parâmetro "
    "tipoDocumentoEmpresaAInformar."
)
LABEL_MISSING: Final = "O parâmetro label é obrigatório quando informar o parâmetro valor."
VALUE_MISSING: Final = "O parâmetro valor é obrigatório quando informar o parâmetro label."
TOO_MANY_FILES: Final = "É permitido enviar até 25 arquivos por processo, cujo tamanho não ultrapasse a soma de 100MB."
TOO_LARGE: Final = "Não é permitido um arquivo ou uma coleção de arquivos que ultrapasse a soma de 100MB."
NO_FILE: Final = "É obrigatório enviar ao menos um arquivo do tipo PDF."
FILE_ORDER_MISSING: Final = (
    "Para processo com mais de um arquivo o parâmetro ordemDocumento é obrigatório em cada documento."
)
FILE_NAME_TOO_LONG: Final = "O tamanho do nome do arquivo não pode ultrapassar a 150 caracteres."
SAME_FILE_NAME: Final = "Não é permitido arquivos com mesmo nome."
UNKNOWN_FOLDER: Final = "idPasta não encontrado."
NO_CREDIT: Final = "Saldo de créditos de Envios ou WhatsApp ou SMS insuficiente"

# Other methods.
FILE_KIND: Final = "O parâmetro arquivoTipo permite somente valores 1 ou 2."
NO_USER: Final = "Usuário(s) não encontrado(s)."
INACTIVE_USER: Final = "Somente é permitido usuários com status ativo."
NO_GROUP: Final = "Grupo(s) não encontrado(s)."
NO_FOLDER: Final = "Pastas(s) não encontrada(s)."

# Conditions the manual states without printing a message.
NO_SIGNER: Final = "É obrigatório ao menos um destinatário com a ação Assinar Online (idTipoAcao igual a 1)."
LINK_NEEDED: Final = (
    "O parâmetro retornarLinkProcesso deve ser igual a 1 quando o parâmetro alterarNotificacoes for igual a 1 ou 3."
)
FILE_OR_LINK: Final = "Informe somente um dos parâmetros arquivo ou linkDoArquivo em cada documento."
BAD_LINK: Final = "O link informado é inválido ou o arquivo não foi encontrado."
COPY_RECIPIENT: Final = "O reenvio do processo não é permitido para destinatários com ação de Receber Cópia."
ALREADY_SIGNED: Final = (
    "O reenvio do processo é permitido somente para destinatários com ação de assinatura pendente nos documentos."
)
RESEND_NO_WHATSAPP: Final = (
    "Somente é possível reenviar o processo por WhatsApp quando o tipo de assinatura do destinatário for eletrônica."
)
NO_CODE_YET: Final = (
    "Não é permitido inserir código de segurança para destinatários que não foram configurados inicialmente para usar "
    "o código de segurança."
)
EDITED_TWICE: Final = "O mesmo idProcessoDestinatario foi informado mais de uma vez."
SAME_HOOK_NAME: Final = "Já existe uma configuração de webhook com o nome informado."
NO_RECORD: Final = "O registro de assinaturas não está disponível para este documento."
INTERNAL: Final = "Erro interno do servidor."


def required(names: Iterable[str]) -> str:
    """Name the items that are missing, in the singular or the plural."""
    listed = tuple(names)
    if len(listed) == 1:
        return f"O item listado é obrigatório: {listed[0]}"
    return f"Os itens listados são obrigatórios: {', '.join(listed)}"


def wrong_format(names: Iterable[str]) -> str:
    """Name the items of the wrong format, in the singular or the plural."""
    listed = tuple(names)
    if len(listed) == 1:
        return f"O item listado está com o formato incorreto: {listed[0]}"
    return f"Os itens listados estão com o formato incorreto: {', '.join(listed)}"


def unknown_ids(names: Iterable[str]) -> str:
    """Name the fields whose ids do not exist, in the singular or the plural."""
    listed = tuple(names)
    if len(listed) == 1:
        return f"O id listado não existe: {listed[0]}"
    return f"Os ids listados não existem: {', '.join(listed)}"


def no_such_document(order: int) -> str:
    """Say that a position names a document that was not sent."""
    return f"Não existe o documento na ordem {order} informada no parâmetro “documentoDeOrdem”."


def no_such_pages(pages: Iterable[int]) -> str:
    """Name the pages that a file does not have; the vendor's own mixed quotation marks."""
    listed = [str(page) for page in pages]
    if len(listed) == 1:
        return f'A página "{listed[0]}” não existe no arquivo.'
    return f'As páginas "{". ".join(listed)}” não existem no arquivo.'


def not_a_pdf(name: str) -> str:
    """Name a file that is not a PDF."""
    return f"O arquivo {name} é inválido. Somente é permitido arquivo do tipo PDF."


def same_file_order(names: Iterable[str]) -> str:
    """Name the files that claim the same order."""
    return f"Não é permitido arquivos com a mesma ordem. {', '.join(names)}"


def too_many_hooks(limit: int) -> str:
    """Say that the account has as many webhook configurations as it may have."""
    return f"A conta atingiu o limite máximo de {limit} configurações de webhook."
