"use strict";
// Everything this page says: French beside English here, each other language in a file of its own (words-es.js and so on).
// A sentence is kept in all languages until it is shown; values may be sentences themselves.

const LANGUAGES = ["fr", "en", "es", "it", "de"];
const WORDS = { fr: {}, en: {} };
const inEach = (made) => Object.fromEntries(LANGUAGES.map((language) => [language, made(language)]));
const FIGURES = inEach((language) => new Intl.NumberFormat(language));

const say = (key, values = {}) =>
  inEach((language) => {
    const text = WORDS[language]?.[key];
    if (!text) throw new Error(`no words for ${key} (${language})`);
    return spaced(filled(text, values, language), language);
  });
const filled = (text, values, language) =>
  text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    if (value !== null && typeof value === "object") return value[language];
    return typeof value === "number" ? FIGURES[language].format(value) : String(value);
  });
// French puts a space that does not break before these signs.
const spaced = (text, language) => (language === "fr" ? text.replace(/ ([:;?!»])/g, "\u00a0$1").replace(/« /g, "«\u00a0") : text);
const money = (cents, currency) =>
  inEach((language) => (Number(cents) / 100).toLocaleString(language, { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" }));
const listed = (items) => (items.length ? inEach((language) => items.map((one) => one[language] ?? one).join(", ")) : say("none"));

const PAIRS = {
  none: ["aucun", "none"],
  in_file: ["{file} : {reason}", "{file}: {reason}"],
  in_line: ["{file}, ligne {line} : {reason}", "{file}, line {line}: {reason}"],

  V1: ["Les fichiers sont ceux que la Ville a signés", "The files are those the city signed"],
  V2: ["Tout a été signé pour une seule et même définition", "Everything was signed for this one definition"],
  V3: ["Le journal n’a fait que grandir, sous signature", "The log only ever grew, under signatures"],
  V4: ["Le journal est entier", "The log is whole"],
  V5: ["Aucun bulletin n’est deux fois dans le journal", "No ballot stands in the log twice"],
  V6: ["Les bulletins publiés sont ceux qui étaient scellés", "The published ballots are what was sealed"],
  V7: ["Chaque bulletin a été jugé selon les règles fixées d’avance", "Each ballot was judged by the frozen rules"],
  V8: ["Qui a changé son vote n’a remplacé que le sien", "Who changed a vote replaced only their own"],
  V9: ["Il y a autant de bulletins que de votants", "There are as many ballots as voters"],
  V10: ["Les bulletins papier sont en ordre", "The paper ballots are in order"],
  V11: ["Le résultat découle des bulletins", "The result follows from the ballots"],
  V12: ["Le reçu a été honoré", "The receipt was kept"],
  V13: ["Le fichier pour d’autres logiciels dit la même chose", "The file for other programs says the same"],

  holds: ["Juste", "Holds"],
  fails: ["Faux", "Does not hold"],
  open: ["Non vérifié", "Not checked"],
  all_hold: ["Tout ce qui peut être vérifié est juste.", "Everything that can be checked holds."],
  some_fail: ["Ce dossier est refusé. Ce qui ne tient pas : {checks}.", "This bundle is refused. What does not hold: {checks}."],
  receipt_fails: [
    "Seul le reçu donné ne passe pas : lisez ce qui en est dit à V12. Tout le reste de ce qui peut être vérifié est juste.",
    "Only the receipt that was given does not pass: read what is said of it at V12. Everything else that can be checked holds.",
  ],
  some_open: ["Ce qui n’a pas pu être vérifié ici : {checks} ; il est dit chaque fois pourquoi.", "What could not be checked here: {checks}; each time it is said why."],
  unreadable_bundle: ["Ce fichier n’est pas un dossier de scrutin : {reason}", "This file is not an election bundle: {reason}"],
  unforeseen: ["Cette page n’a pas su lire ce contenu ({reason}).", "This page could not read what it holds ({reason})."],
  no_sealing: [
    "Le fichier seal.min.js n’a pas été chargé : décompressez tout le dossier du vérificateur, puis ouvrez la page de nouveau.",
    "The file seal.min.js was not loaded: unpack the whole folder of the verifier, then open the page again.",
  ],
  under_way: ["Vérification en cours…", "The check is under way…"],
  checking: ["Contrôle {check} en cours…", "Check {check} is under way…"],
  opening: ["Bulletins rouverts : {done} sur {all}…", "Ballots opened again: {done} of {all}…"],
  recounting: ["Nouveau dépouillement : tour {runs}…", "Counting again: run {runs}…"],
  done: ["Vérification terminée.", "The check is finished."],
  more_faults: ["Autres défauts de cette sorte : {number}.", "More faults of this kind: {number}."],
  broken_before: ["Non vérifié, car {file} ne peut pas être lu (voir {check}).", "Not checked, because {file} cannot be read (see {check})."],

  no_zip: ["ce n’est pas un fichier zip lisible.", "this is not a zip file that can be read."],
  too_large: ["les fichiers dépassent 2 Go en tout.", "the files hold more than 2 GB together."],
  locked: ["ce fichier est verrouillé ou compressé d’une façon inconnue ici.", "this file is locked, or packed in a way not known here."],
  twice: ["ce fichier s’y trouve deux fois.", "this file stands in it twice."],
  damaged: ["ce fichier est abîmé.", "this file is damaged."],
  no_inflate: ["ce navigateur ne sait pas décompresser ; prenez-en un plus récent.", "this browser cannot unpack it; take a more recent one."],
  folders: ["les fichiers doivent se trouver côte à côte dans un dossier.", "the files must stand side by side in one folder."],
  no_such_file: ["un dossier de scrutin ne contient pas ce fichier.", "a bundle holds no such file."],
  missing: ["ce fichier manque.", "this file is missing."],
  no_json: ["ce n’est pas du JSON.", "this is not JSON."],
  no_line_end: ["la dernière ligne n’est pas terminée.", "the last line is not ended."],
  not_canonical: ["ce JSON n’est pas écrit sous sa forme unique.", "this JSON is not written in its one way."],
  not_as_asked: ["ce n’est pas ce que demande le format.", "this is not what the format asks for."],

  sums_unlisted: ["{file} n’est pas dans la liste des empreintes.", "{file} does not stand in the list of sums."],
  sums_changed: ["{file} a été modifié : son empreinte n’est plus celle de la liste.", "{file} was changed: its sum is not the one in the list."],
  sums_missing: ["{file} est dans la liste des empreintes, et manque.", "{file} stands in the list of sums, and is missing."],
  sums_unsigned: ["La liste des empreintes n’est pas signée par la clé du journal.", "The list of sums is not signed with the key of the log."],
  sums_written: ["La liste des empreintes n’est pas écrite sous sa forme unique.", "The list of sums is not written in its one way."],
  sums_good: ["Fichiers comparés à leur empreinte : {number}.", "Files compared with their sums: {number}."],

  other_definition: ["{file}, tête {head} : elle nomme une autre définition ({hash}).", "{file}, head {head}: it names another definition ({hash})."],
  hash_is: [
    "L’empreinte de la définition est {hash}. Comparez-la avec celle de votre reçu, ou avec celle que la Ville a publiée avant le vote : qui remplacerait tout le dossier ne pourrait pas la garder.",
    "The hash of the definition is {hash}. Compare it with the one on your receipt, or with the one the city published before the vote: whoever replaces the whole bundle cannot keep it.",
  ],
  head_unsigned: ["{file}, tête {head} : la signature du journal n’est pas valable.", "{file}, head {head}: the signature of the log does not hold."],
  head_cosigned_wrong: ["{file}, tête {head} : la signature de {witness} n’est pas valable.", "{file}, head {head}: the signature of {witness} does not hold."],
  head_first: ["{file} : la première tête porte une preuve dont elle n’a pas besoin.", "{file}: the first head has a proof that it does not need."],
  head_grew: [
    "{file}, tête {head} : le journal ne commence pas comme celui qui avait été signé avant ; il a été modifié.",
    "{file}, head {head}: the log does not begin with the one signed before; it was changed.",
  ],
  head_minute: ["{file}, tête {head} : sa minute ne peut pas être lue.", "{file}, head {head}: its minute cannot be read."],
  head_older: ["{file}, tête {head} : elle est plus ancienne que la précédente.", "{file}, head {head}: it is older than the one before it."],
  heads_none: ["Le journal des bulletins n’a aucune tête signée.", "There is no signed head of the log of ballots."],
  heads_early: [
    "La dernière tête a été signée avant la fermeture du vote : la fin du journal manque.",
    "The last head was signed before the vote closed: the end of the log is missing.",
  ],
  heads_read: ["Têtes signées du journal des bulletins : {number}.", "Signed heads of the log of ballots: {number}."],
  no_witnesses: [
    "Ce scrutin n’a pas de témoins : que la Ville ne tienne qu’un seul journal ne repose que sur les reçus.",
    "This election has no witnesses: that the city keeps one log only rests on the receipts.",
  ],
  witnesses_few: [
    "Témoins qui ont signé la dernière tête : {signed} sur {named} ; il en faut plus de la moitié. Absents : {absent}.",
    "Witnesses who signed the last head: {signed} of {named}; more than half must. Missing: {absent}.",
  ],
  witnesses_absent: ["N’ont pas signé la dernière tête : {absent}. Demandez-leur pourquoi.", "Did not sign the last head: {absent}. Ask them why."],
  witnesses_signed: ["La dernière tête est aussi signée par : {witnesses}.", "The last head was also signed by: {witnesses}."],

  taken_away: [
    "{file} contient {size} entrées et la tête {head} a été signée sur {signed} : des entrées ont été retirées.",
    "{file} holds {size} entries, and head {head} was signed over {signed}: entries were taken away.",
  ],
  added: [
    "{file} contient {size} entrées et la dernière tête a été signée sur {signed} : des entrées ont été ajoutées.",
    "{file} holds {size} entries, and the last head was signed over {signed}: entries were added.",
  ],
  other_root: ["{file} : ces entrées ne sont pas celles que la tête {head} a signées.", "{file}: these entries are not those over which head {head} was signed."],
  act_changed: ["L’acte {act} n’est pas celui dont l’empreinte a été signée.", "Act {act} is not the one whose hash was signed."],
  acts_erased: ["Textes d’actes effacés, leur empreinte restant : {number}.", "Texts of acts erased, their hashes kept: {number}."],
  log_size: ["Bulletins en ligne dans le journal : {number}.", "Online ballots in the log: {number}."],
  copy: ["Le bulletin {again} est une copie du bulletin {first}.", "Ballot {again} is a copy of ballot {first}."],
  strange: ["Le bulletin {index} n’a pas la taille ou la forme d’un bulletin de ce scrutin.", "Ballot {index} has not the size or the shape of a ballot of this election."],
  all_different: [
    "Tous les bulletins sont différents, et tous de la même longueur : aucune longueur ne trahit un choix.",
    "All ballots are different and of one length, so that no length tells a choice.",
  ],

  not_in_order: ["Les bulletins devaient être publiés dans l’ordre du journal, et ne le sont pas.", "The ballots were to be published in the order of the log, and they were not."],
  not_apart: ["Les bulletins devaient être publiés à part du journal, et ne le sont pas.", "The ballots were to be published apart from the log, and they were not."],
  key_shown: ["La clé d’ouverture a été publiée : elle ouvre aussi les bulletins remplacés.", "The opening key was published: it also opens the ballots that residents replaced."],
  key_missing: ["La clé d’ouverture devait être publiée, et ne l’est pas.", "The opening key was to be published, and it was not."],
  key_other: ["La clé d’ouverture n’est pas celle pour laquelle les bulletins ont été scellés.", "The opening key is not the one to which the ballots were sealed."],
  lengths: ["La liste des bulletins et le journal n’ont pas la même longueur.", "The list of ballots and the log are not equally long."],
  not_opened: ["Le bulletin {index} compte et n’a pas été ouvert.", "Ballot {index} counts and was not opened."],
  other_choices: ["Le bulletin {index} ne contient pas les choix publiés pour lui.", "Ballot {index} does not hold the choices that were published for it."],
  is_readable: ["Le bulletin {index} est dit illisible, et il se lit.", "Ballot {index} is said to be unreadable, and it can be read."],
  not_readable: ["Le bulletin {index} ne se lit pas, et il est dit nul pour ce qu’il contient.", "Ballot {index} cannot be read, and is said to be invalid for what it holds."],
  unproven: [
    "Bulletins dits illisibles : {number}. Quand on peut changer son vote, la clé n’est pas publiée : personne au-dehors ne peut le vérifier.",
    "Ballots said to be unreadable: {number}. Where votes can be changed the key is not published, so nobody outside can check that.",
  ],
  opened_all: ["Bulletins rouverts un à un, tous conformes à la liste publiée : {number}.", "Ballots opened again one by one, all as published: {number}."],
  not_sorted: ["La liste des bulletins n’est pas triée : son ordre pourrait dire qui a voté quoi.", "The list of ballots is not sorted: its order could tell who voted how."],
  list_size: ["La liste contient {listed} bulletins, et le journal {logged} qui comptent.", "The list holds {listed} ballots, and the log {logged} that count."],
  discreet: [
    "Les bulletins sont publiés à part du journal, pour que même un reçu ne révèle rien. Que la liste soit bien ce que contiennent les bulletins scellés, seuls le bureau et ses contrôleurs peuvent le vérifier, avec la clé et cet engagement : {commitment}.",
    "The ballots were published apart from the log, so that even a receipt tells nothing. That the list is what the sealed ballots hold, only the bureau and sworn auditors can check, with the key and this commitment: {commitment}.",
  ],
  ballot: ["Le bulletin {index}", "Ballot {index}"],
  list_line: ["La ligne {line} de la liste", "Line {line} of the list"],
  counted_unknown: ["{ballot} nomme un projet qui n’existe pas, et est compté.", "{ballot} names a project that does not stand, and is published as valid."],
  counted_form: ["{ballot} ne respecte pas les règles du bulletin, et est compté.", "{ballot} breaks the rules of the ballot, and is published as valid."],
  wrongly_invalid: ["{ballot} est dit nul pour une raison qui n’est pas la sienne.", "{ballot} is published as invalid for a reason that it does not give."],
  judged: ["Bulletins en ligne comptés : {valid}, dont blancs : {blank}. Nuls : {invalid}.", "Online ballots counted: {valid}, of which blank: {blank}. Invalid: {invalid}."],
  style_unknown: ["Cette page ne connaît pas cette sorte de bulletin ({kind}) ; « quotepart verify » la connaît.", "This page does not know this kind of ballot ({kind}); “quotepart verify” does."],

  no_changes: ["Ce scrutin ne permet pas de changer son vote : chaque bulletin du journal compte.", "This election does not let residents change their vote: every ballot of the log counts."],
  replaced_many: ["Bulletins remplacés par leur propre votant : {number}.", "Ballots replaced by their own voters: {number}."],
  replaces_nothing: ["Le bulletin {index} en remplace un qui n’est pas dans le journal.", "Ballot {index} replaces a ballot that is not in the log."],
  replaces_unproven: ["Le bulletin {index} remplace le bulletin {earlier} sans la preuve qu’il vient du même votant.", "Ballot {index} replaces ballot {earlier} without the proof that it is the same voter’s."],
  replaced_twice: ["Le bulletin {earlier} est remplacé deux fois.", "Ballot {earlier} is replaced twice."],
  replaced_counts: ["Le bulletin {index} a été remplacé, et il est publié comme s’il comptait.", "Ballot {index} was replaced, and is published as if it counted."],
  replaced_not: ["Le bulletin {index} est dit remplacé par le bulletin {by} ; le journal ne le dit pas.", "Ballot {index} is said to be replaced by ballot {by}; the log does not say so."],
  replaced_opened: ["Le bulletin {index} a été remplacé par son votant, et il a été ouvert quand même.", "Ballot {index} was replaced by its voter, and was opened all the same."],

  register_frozen: ["La liste des votants a été arrêtée à {frozen} lignes, et la participation dit {told}.", "The register was frozen with {frozen} lines, the turnout says {told}."],
  register_declared: ["Des votants se sont inscrits pendant le vote, ce que ce scrutin ne permet pas.", "Residents put themselves on the roll, which this election does not allow."],
  register_sum: ["La liste des votants fait {sum} au total, et non {told}.", "The register adds up to {sum}, not to {told}."],
  days_sum: ["Les jours font {sum} votants au total, et non {told}.", "The days add up to {sum} voters, not to {told}."],
  too_many_voted: ["{voted} personnes ont voté, et la liste en compte {total}.", "{voted} people voted, and the register holds {total}."],
  online_differ: ["{voted} personnes ont voté en ligne, et {ballots} bulletins du journal comptent.", "{voted} people voted online, and {ballots} ballots of the log count."],
  paper_added: ["{voted} personnes ont voté sur papier, et {ballots} bulletins papier sont comptés : des bulletins ont été ajoutés.", "{voted} people voted on paper, and {ballots} paper ballots were counted: some were added."],
  paper_fewer: ["Bulletins papier remis et non déposés dans l’urne : {number}.", "Paper ballots handed out and not put into the box: {number}."],
  voted: ["Ont voté : {online} en ligne et {paper} sur papier, sur {total} inscrits.", "Voted: {online} online and {paper} on paper, of {total} on the register."],
  small_batch: ["La tête {head} ajoute trop peu de bulletins ({added}) ; il en faut au moins {least}, pour que l’heure n’en trahisse aucun.", "Head {head} adds too few ballots ({added}); a batch holds at least {least}, so that none can be found by its time."],
  few_online: ["Bulletins en ligne : {number} seulement ; chacun n’est caché que parmi ceux-là.", "Online ballots: only {number}; each is hidden among these few."],
  withheld_partly: ["{file} montre des bulletins que les autres fichiers retiennent.", "{file} shows ballots that the other files withhold."],
  withheld_many: ["Les bulletins sont retenus parce que trop peu nombreux, et il y en a {many} ; à partir de {least}, ils doivent être publiés.", "The ballots are withheld as too few, and there are {many}; from {least} on they must be shown."],
  withheld_why: [
    "Personne ne peut le vérifier ici : avec moins de {least} bulletins en tout, aucun n’est publié, car on pourrait deviner les choix de chacun. Le papier et le journal restent au bureau.",
    "Nobody can check this here: with fewer than {least} ballots in all, none is published, because each voter’s choices could be guessed. The paper and the log are kept by the bureau.",
  ],

  lot: ["Lot {lot}, numéro {serial}", "Lot {lot}, serial {serial}"],
  paper_twice: ["{ballot} s’y trouve deux fois.", "{ballot} stands there twice."],
  paper_order: ["{ballot} n’est pas à sa place dans l’ordre.", "{ballot} stands out of order."],
  paper_unsorted: ["{ballot} : ses choix ne sont pas triés.", "{ballot}: its choices are not sorted."],
  paper_shown: ["{ballot} montre ce qui devait rester caché.", "{ballot} shows what it was to keep."],
  paper_reason: ["{ballot} est nul pour une raison inconnue.", "{ballot} is null for an unknown reason."],
  paper_typed: ["Bulletins papier saisis : {number}.", "Paper ballots typed in: {number}."],

  other_rule: ["Le résultat a été compté selon une autre règle que celle qui avait été fixée.", "The result was counted by another rule than the one that was frozen."],
  other_winners: ["Les bulletins donnent d’autres lauréats. Compté ici : {counted}. Publié : {published}.", "The ballots give other winners. Counted here: {counted}. Published: {published}."],
  other_number: ["« {key} » est {counted} d’après les bulletins, et a été publié comme {told}.", "“{key}” is {counted} by the ballots, and was published as {told}."],
  other_rows: ["Ces projets ont d’autres voix ou un autre coût que ne le dit le résultat : {names}.", "These projects have other votes or another cost than the result says: {names}."],
  other_status: ["Le résultat ne dit pas retenus les mêmes projets dans sa liste et dans ses lignes.", "The result names other winners in its list than in its rows."],
  rule_not_here: ["Le dépouillement par cette règle ({kind}) n’est pas vérifié ici ; « quotepart verify » le vérifie.", "The count by this rule ({kind}) is not checked here; “quotepart verify” checks it."],
  counted: ["Bulletins recomptés : {ballots}. Projets retenus : {winners}, pour {spent} sur {budget}.", "Ballots counted again: {ballots}. Winning projects: {winners}, for {spent} of {budget}."],
  winners: ["Retenus, dans l’ordre : {names}.", "Winners, in order: {names}."],
  draw_used: ["Tirage au sort utilisé : « {draw} ». Comparez-le à sa source : {source}.", "The draw used: “{draw}”. Compare it with its source: {source}."],
  needs_draw: ["Ces projets attendent encore le tirage au sort : {names}.", "These projects still wait for the public draw: {names}."],
  not_whole: ["Non vérifié, car les bulletins ne peuvent pas tous être lus (voir V6).", "Not checked, because the ballots cannot all be read (see V6)."],

  no_receipt: ["Aucun reçu n’a été donné.", "No receipt was given."],
  receipt_shape: ["Ce n’est ni un fichier de reçu ni un code de suivi de 16 lettres.", "This is neither a receipt file nor a tracking code of 16 letters."],
  receipt_other: ["Ce reçu est celui d’un autre scrutin, ou d’une autre définition de celui-ci : {hash}.", "This receipt is of another election, or of another definition of it: {hash}."],
  receipt_unsigned: ["Ce reçu n’est pas signé par la clé de ce scrutin : n’importe qui a pu l’écrire, il ne prouve rien.", "This receipt is not signed with the key of this election: anybody could have written it, and it proves nothing."],
  receipt_withheld: ["Que ce bulletin soit dans le journal ne se voit pas ici, car le journal est retenu.", "Whether this ballot is in the log cannot be seen here, for the log is withheld."],
  receipt_signed: ["Le reçu est signé par la Ville.", "The receipt is signed by the city."],
  receipt_kept: ["Le bulletin est dans le journal, à la place {place}.", "The ballot stands in the log, at place {place}."],
  receipt_first: [
    "Une tête signée le {minute} le contient pour la première fois. Il était promis pour le {promised} au plus tard, d’autant plus tard si le vote a été prolongé.",
    "A head signed {minute} has it for the first time. Promised was {promised} at the latest, later by as much if the vote was extended.",
  ],
  receipt_broken: [
    "Ce reçu, signé par la clé de ce scrutin, promet que le bulletin {code} serait dans le journal au plus tard le {minute}, et il n’y est pas. C’est une preuve contre la Ville. Gardez le fichier du reçu et ce dossier, et montrez-les à un témoin ou à un juge.",
    "This receipt, signed with the key of this election, promises that ballot {code} would be in the log by {minute}, and it is not there. This is evidence against the city. Keep the receipt file and this bundle, and show both to a witness or to a judge.",
  ],
  code_missing: [
    "Aucun bulletin du journal n’a le code {code}. Un code seul ne prouve rien, n’importe qui peut en écrire un : vérifiez la frappe, puis utilisez le fichier du reçu, que la Ville a signé.",
    "No ballot in the log has the code {code}. A code alone proves nothing, for anybody can write one: check the typing, then use the receipt file, which the city signed.",
  ],
  mine_replaced: ["Il a été remplacé par le bulletin de la place {place}, avec la preuve que c’était son propre votant.", "It was replaced by the ballot at place {place}, with the proof that this was its own voter."],
  mine_invalid: ["Il a été jugé nul ({reason}).", "It was found invalid ({reason})."],
  mine_blank: ["Il a été compté comme bulletin blanc.", "It was counted as a blank ballot."],
  mine_for: ["Il a été compté pour : {titles}.", "It was counted for: {titles}."],

  pb_project: ["Le projet {id} a un autre coût dans result.pb, ou n’y est pas.", "Project {id} has another cost in result.pb, or does not stand there."],
  pb_only: ["Le projet {id} n’est que dans result.pb.", "Project {id} stands in result.pb only."],
  pb_budget: ["L’enveloppe de result.pb est une autre.", "The envelope in result.pb is another one."],
  pb_rule: ["La règle de result.pb est une autre.", "The rule in result.pb is another one."],
  pb_draw: ["Le tirage au sort de result.pb est un autre.", "The draw in result.pb is another one."],
  pb_winners: ["Les lauréats de result.pb sont d’autres projets.", "The winners in result.pb are other ones."],
  pb_blank: ["Le nombre de bulletins blancs de result.pb est un autre.", "The number of blank ballots in result.pb is another one."],
  pb_ballots: ["Les bulletins de result.pb ne sont pas ceux du dossier.", "The ballots in result.pb are not those of the bundle."],
  pb_votes: ["Les voix du projet {id} dans result.pb ne sont pas celles de ses bulletins.", "The votes of project {id} in result.pb are not those of its ballots."],
  pb_same: ["Qui compte result.pb avec un autre logiciel compte les mêmes bulletins, coûts et enveloppe.", "Other programs that count result.pb count the same ballots, costs and envelope."],
};
for (const [key, pair] of Object.entries(PAIRS)) [WORDS.fr[key], WORDS.en[key]] = pair;
