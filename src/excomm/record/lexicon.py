"""The words of minutes: titles, offices, bodies, verbs of speech and what they do.

General English of minutes only. No name of a person and no sentence of a record stands here.
"""

from excomm.record.model import Act


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for looking up."""
    return frozenset(text.split())


TITLES = word_set(
    "Secretary Under Undersecretary Deputy Assistant Acting Associate Vice President"
    " Ambassador General Admiral Colonel Captain Major Brigadier Lieutenant Commander Sergeant"
    " Director Mr Messrs Mrs Miss Ms Dr Chairman Chairwoman Chair Senator Representative"
    " Congressman Congresswoman Governor Attorney Minister Prime Premier Foreign Marshal Judge"
    " Justice Professor Sir Lord Commissioner Counselor Counsel Administrator Special Press"
    " Chief Mayor Chancellor Solicitor Under-Secretary Secretary-General Undersecretary"
    " Treasurer Speaker Comptroller Consul Envoy Delegate Rapporteur Inspector Postmaster Gen"
    " Adm Col Capt Maj Lt DCI DDCI SecDef SecState CJCS CNO Amb Sec Rep Sen Gov Prof Minister-"
    " Counselor Majority Minority Leader Adviser Advisor Former Ambassador-at-Large Permanent"
    " Parliamentary Home Colonial Commonwealth First Second Third Executive Financial Principal"
    " Private Paymaster Quartermaster Auditor Surveyor Registrar Coordinator"
    " Vice-Chairman Co-Chairman Co-Chair Vice-President Convener Legal M"
    " Mme Mlle Herr Frau Signor Senor Commandant Secretaries Ministers"
)
# Words of the titles above that are no title by themselves.
MODIFIERS = word_set(
    "Under Deputy Assistant Acting Associate Vice Attorney Prime Foreign Special Press Chief"
    " Solicitor Majority Minority Permanent Parliamentary Home Colonial Commonwealth First Second"
    " Third Executive Financial Principal Private Paymaster Quartermaster Auditor Surveyor Senior"
    " Legal"
)
# An office by which minutes call a person who is in the room, without a name.
CALLED_BY_OFFICE = frozenset(
    {
        "President",
        "Vice President",
        "Attorney General",
        "Prime Minister",
        "Premier",
        "Chancellor",
        "Secretary-General",
        "Chairman",
        "Chairwoman",
        "Chair",
        "Speaker",
        "Solicitor General",
        "DCI",
        "DDCI",
        "SecDef",
        "SecState",
        "CJCS",
        "CNO",
    }
)
# Whoever presides: what they decide is decided.
CHAIRS = frozenset({"President", "Prime Minister", "Chairman", "Chairwoman", "Chair"})
# What stands before a colon and is nobody's name.
NOT_SPEAKERS = word_set(
    "Note Notes Nb Ps Re Cc Subject Date Time Place Present Absent Attendance Participants"
    " Distribution Agenda Item Action Actions Decision Decisions Conclusion Conclusions Summary"
    " Result Recommendation Background Comment Question Answer Annex Attachment Source"
)
# Titles of heads and ministers of others: mid-paragraph they are spoken of, not speaking.
OF_OTHERS = word_set("Premier Chancellor Marshal Prime Foreign Minister Chairman Secretary-General")
DEPARTMENTS = word_set(
    "State Defense Defence Treasury Commerce Labor Interior Justice Agriculture Army Navy Air"
    " Force Forces Central Intelligence Joint Chiefs Staff Budget Affairs Security National"
    " Council Policy Planning War Foreign Exchequer Health Education Welfare Economic Inter-"
    " American European African Asian Far Eastern East Near International Organization Bureau"
    " Agency Operations Research Political Military Public Information Emergency Naval"
    " Delegation Committee Executive Mission Board Commission Energy Atomic Science Technology"
    " Disarmament Arms Control United Nations UN U.N U.S US Trade Transport Transportation"
    " Home Marine Corps House Senate White"
)
GROUP_HEADS = word_set(
    "group committee council members participants principals chiefs board cabinet delegation"
    " conferees subcommittee advisers advisors meeting commission team panel"
)
QUANTIFIERS = word_set("Several All Some Most Other Many Both Various Certain")
ALONE = word_set("All Everyone Everybody Others Some Several Most Nobody")  # "All agreed that"
PRONOUNS = word_set("He She he she I")  # I: whoever signs the record
PARTICLES = word_set("de von van der la le du bin al")
ADVERBS = word_set(
    "also again then further later next thereupon subsequently first himself herself only"
    " merely simply however accordingly therefore thus still now once more twice earlier at"
    " thereafter himself too nevertheless meanwhile instead both"
)
CONNECTIVES = word_set(
    "However Then Finally Later Again Meanwhile Also Next First Second Third And But"
    " Thereupon Nevertheless Subsequently Therefore Thus Furthermore Moreover Accordingly Yet"
    " Still Consequently Similarly Lastly"
)
# A leading clause, after whose comma the speaker stands.
OPENERS = word_set(
    "In Referring Following After Before With Turning As Noting Concerning Regarding On At"
    " During When Commenting Replying Answering Responding Speaking Continuing Returning"
    " Summing While Although Though By For Asked Because Since Having Reading Recalling Citing"
    " Calling Pointing Reporting Discussing Under Upon Without To From Looking Agreeing"
    " Summarizing Concluding Once Until Despite Reviewing Stating Saying Expressing Addressing"
    " Questioned Pressed Given Apropos Over Throughout If Toward Towards"
)
ANSWERING = (
    ("In", "response"),
    ("In", "reply"),
    ("In", "answer"),
    ("In", "answering"),
    ("In", "replying"),
    ("In", "responding"),
    ("Replying",),
    ("Responding",),
    ("Answering",),
    ("Asked",),
    ("When", "asked"),
    ("Questioned",),
    ("Upon", "being", "asked"),
    ("On", "being", "asked"),
)

# Verbs of speech, past tense, by what they do. The longest phrase counts.
VERBS: dict[Act, str] = {
    "said": "said|stated|declared|felt|believed|thought|considered|expressed|continued|went on|"
    "concluded|predicted|estimated|doubted|hoped|argued|maintained|asserted|affirmed|recalled|"
    "reiterated|repeated|insisted on|was of the opinion|was of the view|was inclined|was convinced|"
    "was confident|was certain|was sure|was willing|was prepared|was ready|was not sure|"
    "was not certain|took the view|took the position|took the line|"
    "made the point|made clear|made it clear|preferred not|wanted|wished|did not want|"
    "did not wish|did not know|"
    "did not think|did not believe|did not feel|did not see|could not see|saw no|saw little|saw|"
    "conceded|acknowledged|admitted|denied|claimed|contended|understood|expected|assumed|"
    "anticipated|regretted|thanked|congratulated|commended|praised|spoke|talked|joked|"
    "could not understand|had no objection|had no strong|had no comment|had no view|"
    "put the figure|put the cost|put the number|had nothing to|took up|"
    "resumed|had doubts|liked|disliked|foresaw|speculated|"
    "guessed|judged|held|made a|made an|was impressed|was interested|was not interested|saw merit|"
    "expressed the view|expressed the opinion|expressed the hope|expressed the belief|"
    "expressed confidence|would like|adjourned|closed|opened|called the meeting",
    "commented": "commented|remarked|observed|noted|added|mentioned|pointed out|called attention|"
    "drew attention|emphasized|emphasised|stressed|underlined|underscored|referred|alluded|"
    "raised the problem|raised the matter|raised the issue|raised|brought up|reminded|pointed to|"
    "took note|interjected|interposed|elaborated|amplified|clarified|cited|quoted",
    "reported": "reported|summarized|summarised|reviewed|described|discussed|presented|outlined|"
    "briefed|informed|announced|indicated|compared|distributed|told|gave|listed|introduced|"
    "disclosed|revealed|confirmed|advised|notified|recounted|related|traced|analyzed|analysed|displayed|"
    "showed|led|handed|furnished|provided|had directed|provided|set forth|covered|dealt with|"
    "began|commenced|turned to|sketched|detailed|surveyed|estimated",
    "replied": "replied|responded|answered|rejoined|retorted|countered|explained|rejoined|assured",
    "read": "read|read aloud",
    "asked": "asked|inquired|enquired|wondered|questioned|queried|wanted to know|wished to know|"
    "raised the question|raised several questions|raised a number of questions|raised questions|"
    "raised a question|raised some questions|raised two questions|raised three questions|"
    "raised again the question|raised again a question|posed the question|posed several questions|"
    "put the question|sought clarification|did not understand why|was curious",
    "suggested": "suggested|raised the possibility|volunteered the idea|thought it advisable",
    "proposed": "proposed|circulated|tabled|submitted|put forward|put forth|offered the following|"
    "advanced|moved that|called for|offered a|offered an|laid before",
    "recommended": "recommended|favored|favoured|preferred|advocated|was in favor|was in favour|"
    "would prefer|"
    "argued for|spoke for|spoke in favor|would favor|leaned toward|leaned towards",
    "urged": "urged|insisted|pressed|pleaded|appealed|exhorted|strongly urged",
    "directed": "directed|ordered|instructed|invited|tasked|"
    "requested|commanded|charged|assigned|designated|"
    "expressed the wish that|expressed the desire that|"
    "reaffirmed his directive|reaffirmed his order|gave instructions|gave orders|"
    "issued instructions|insisted that no|wanted to be sure|called upon|told the staff",
    "decided": "decided|determined|ruled|resolved|made the decision|took the decision|deferred|"
    "postponed|selected|chose|made a decision|reached a decision",
    "authorized": "authorized|authorised|approved|gave approval|gave his approval|gave authority|"
    "gave permission|granted|sanctioned|cleared|accepted the recommendation",
    "agreed": "agreed|concurred|accepted|supported|endorsed|acquiesced|consented|assented|"
    "expressed agreement|shared the view|seconded|joined in|was in agreement|was agreeable|"
    "thought well of|said yes|had no objection|did not object|did not disagree",
    "objected": "objected|opposed|disagreed|disputed|rejected|protested|resisted|dissented|"
    "took exception|did not agree|did not favor|did not favour|did not like|expressed opposition|"
    "expressed disagreement|expressed reservations|expressed misgivings|had reservations|"
    "had misgivings|was not convinced|was unconvinced|was skeptical|was sceptical|could not accept|"
    "could not support|would not agree|would not accept|remained opposed|was unable to agree|"
    "was unable to accept|was unable to support|took strong exception|"
    "argued against|spoke against|was opposed|"
    "was against|advised against|recommended against|was not in favor|took issue|challenged|"
    "criticized|criticised|questioned the desirability|questioned the wisdom|questioned the need|"
    "questioned the value|expressed doubts|was unwilling|declined|refused|saw no reason|"
    "saw no need|could not agree|demurred",
    "cautioned": "cautioned|warned|expressed concern|expressed fear|was concerned|was worried|"
    "feared|worried|counseled caution|urged caution|expressed his concern|expressed worry|"
    "expressed the fear|expressed anxiety",
    "undertook": "undertook|promised|offered to|volunteered|pledged|committed himself|said he would"
    " take|agreed to take",
}
# Present tense, for notes taken as people speak.
PRESENT: dict[str, str] = {
    "says": "said",
    "asks": "asked",
    "suggests": "suggested",
    "replies": "replied",
    "agrees": "agreed",
    "thinks": "thought",
    "believes": "believed",
    "feels": "felt",
    "recommends": "recommended",
    "proposes": "proposed",
    "urges": "urged",
    "reports": "reported",
    "notes": "noted",
    "adds": "added",
}
STRONG: frozenset[Act] = frozenset(
    {
        "asked",
        "suggested",
        "proposed",
        "recommended",
        "urged",
        "directed",
        "decided",
        "authorized",
        "agreed",
        "objected",
        "cautioned",
        "undertook",
    }
)
ACT_CLASS: dict[Act, str] = {
    "said": "assert",
    "replied": "assert",
    "commented": "assert",
    "reported": "assert",
    "read": "assert",
    "asked": "ask",
    "suggested": "propose",
    "proposed": "propose",
    "recommended": "propose",
    "urged": "propose",
    "directed": "direct",
    "decided": "direct",
    "authorized": "direct",
    "agreed": "agree",
    "objected": "object",
    "cautioned": "caution",
    "undertook": "commit",
}
QUESTION_WORDS = word_set("whether if how what why when who whom whose where which about")

# "It was felt that": what nobody in particular held.
IMPERSONAL = word_set(
    "understood left felt thought believed proposed emphasized urged hoped reported stated pointed"
    " suggested noted agreed decided concluded recommended considered directed requested ordered"
)
# What a meeting does to its papers and questions: a main clause in the passive is narration.
MEETING_PARTICIPLES = word_set(
    "discussed circulated presented approved authorized authorised agreed decided deferred"
    " revised considered tabled adopted noted assured instructed directed requested"
    " distributed postponed reviewed debated recommended suggested asked concluded designated"
    " assigned tasked amended modified rejected endorsed accepted cleared"
)
# What a task consists of, as participle and as verb.
TASK_PARTICIPLES = word_set(
    "prepared drafted circulated submitted sent issued worked studied reported presented"
    " revised released developed examined reviewed undertaken instructed informed told asked"
    " arranged completed delivered given taken transmitted flown made done put kept maintained"
    " held used established set planned provided considered consulted announced published"
    " briefed rewritten redrafted called obtained carried conducted initiated assembled"
    " coordinated cleared withdrawn removed lifted stopped alerted readied moved increased"
    " reduced deleted added included stressed"
)
DELIVERABLES = word_set(
    "prepared drafted circulated submitted sent issued worked studied reported presented"
    " revised released developed examined reviewed completed delivered transmitted rewritten"
    " redrafted assembled coordinated announced published briefed instructed informed asked"
    " consulted arranged"
)
TASK_VERBS = word_set(
    "prepare draft circulate submit send issue work study report present revise release"
    " develop examine review undertake instruct inform tell ask arrange complete deliver"
    " transmit fly make put take give provide consider consult announce publish brief rewrite"
    " redraft call obtain carry conduct initiate assemble coordinate clear withdraw remove"
    " stop alert check watch find get try keep hold ensure see look interrogate question"
    " recommend discuss talk speak meet explore investigate raise seek follow contact notify"
    " advise assign deal explain approach write handle cable telephone phone let show bring"
    " produce furnish set begin start continue say avoid use refrain delay approve go move"
    " draw list plan seize clarify verify collect interview answer reply respond determine"
    " discover inspect reduce lift increase"
)
# States rather than tasks: keeping on is nobody's job in particular.
STATIVE = word_set("maintained continued kept held maintain continue keep remain hold be")
DOCUMENTS = word_set(
    "paper papers statement statements draft text letter message memorandum report reports"
    " study studies plan plans release cable instructions proposal list schedule analysis"
    " answer reply announcement speech brief briefing recommendation recommendations"
    " assessment summary estimate"
)
