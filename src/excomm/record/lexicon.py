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
    " Mme Mlle Herr Frau Signor Senor Commandant Secretaries Ministers Messrs Engineer Constable"
    " Councillor Alderman Commodore Father Reverend Rev Baron Count Sheikh Prince Lt-Col Cmdr Lady"
    " Cpt Cdr Brig Cllr Wg Sqn Flt Insp Supt Dame Monsieur Madame Don Comrade Superintendent"
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
    " Todo To-Do Task Tasks Follow-Up Followup Ap Apologies Resolved Agreed Outcome Observers"
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
    "said": (
        "opined|averred|exclaimed|reckoned|supposed|surmised|suspected|trusted|welcomed|deplored|"
        "lamented|complained|grumbled|quipped|reaffirmed|implied|hinted|alleged|testified|"
        "vouched|applauded|appreciated|sympathized|sympathised|apologized|apologised|summed up|"
        "theorized|calculated|put it|figured|took leave|swore|was reminded|found|sensed|realized|"
        "realised|recognized|recognised|granted that|allowed that|let it be known|gave it as his|"
        "drew a distinction|paid tribute|deprecated|looked forward|was content to|"
        "attached importance|attached great importance|presumed|boasted|continued to believe|"
        "imagined|asserted|likened|contrasted|said|stated|declared|felt|believed|thought|"
        "considered|expressed|continued|went on|concluded|predicted|estimated|doubted|hoped|"
        "argued|maintained|affirmed|recalled|reiterated|repeated|insisted on|was of the opinion|"
        "was of the view|was inclined|was convinced|was confident|was certain|was sure|"
        "was willing|was prepared|was ready|was not sure|was not certain|took the view|"
        "took the position|took the line|made the point|made clear|made it clear|preferred not|"
        "wanted|wished|did not want|did not wish|did not know|did not think|did not believe|"
        "did not feel|did not see|could not see|saw no|saw little|saw|conceded|acknowledged|"
        "admitted|denied|claimed|contended|understood|expected|assumed|anticipated|regretted|"
        "thanked|congratulated|commended|praised|spoke|talked|joked|could not understand|"
        "had no strong|had no comment|had no view|put the figure|put the cost|put the number|"
        "had nothing to|took up|resumed|had doubts|liked|disliked|foresaw|speculated|guessed|"
        "judged|held|made a|made an|was impressed|was interested|was not interested|saw merit|"
        "expressed the view|expressed the opinion|expressed the hope|expressed the belief|"
        "expressed confidence|would like|adjourned|closed|opened|called the meeting"
    ),
    "commented": (
        "invited attention|directed attention|highlighted|flagged|chimed in|interrupted|broke in|"
        "cut in|digressed|remarked|came back to|reverted|must point out|dwelt on|dwelt upon|"
        "touched on|touched upon|adverted|picked up|took up the point|wryly|instanced|"
        "singled out|commented|observed|noted|added|mentioned|pointed out|called attention|"
        "drew attention|emphasized|emphasised|stressed|underlined|underscored|referred|alluded|"
        "raised the problem|raised the matter|raised the issue|raised|brought up|reminded|"
        "pointed to|took note|interjected|interposed|elaborated|amplified|clarified|cited|quoted"
    ),
    "reported": (
        "relayed|conveyed|communicated|passed on|updated|filled in|ran through|went over|"
        "ran over|exhibited|went through|tendered|laid before the|narrated|rehearsed|"
        "reported back|brought up to date|gave an account|opened with|recapitulated|enumerated|"
        "chronicled|set out|demonstrated|delivered|reported|summarized|summarised|reviewed|"
        "described|discussed|presented|outlined|briefed|informed|announced|indicated|compared|"
        "distributed|told|gave|listed|introduced|disclosed|revealed|confirmed|advised|notified|"
        "recounted|related|traced|analyzed|analysed|displayed|showed|led|handed|furnished|"
        "provided|had directed|set forth|covered|dealt with|began|commenced|turned to|sketched|"
        "detailed|surveyed|estimated"
    ),
    "replied": (
        "riposted|shot back|came back|rebutted|parried|rejoindered|replied|responded|answered|"
        "rejoined|retorted|countered|explained|assured"
    ),
    "read": "read|read aloud",
    "asked": (
        "desired to know|wanted to hear|wished to hear|demanded to know|pondered|asked about|"
        "sought information|sought to know|would like to know|sought confirmation|"
        "sought assurance|asked himself|asked|inquired|enquired|wondered|questioned|queried|"
        "wanted to know|wished to know|raised the question|raised several questions|"
        "raised a number of questions|raised questions|raised a question|raised some questions|"
        "raised two questions|raised three questions|raised again the question|"
        "raised again a question|posed the question|posed several questions|put the question|"
        "sought clarification|did not understand why|was curious"
    ),
    "suggested": (
        "floated|put forward the idea|raised the idea|thought it might be well|thought it well|"
        "threw out the idea|offered the suggestion|mooted|suggested|raised the possibility|"
        "volunteered the idea|thought it advisable"
    ),
    "proposed": (
        "moved|nominated|laid|put down|proposed|circulated|tabled|submitted|put forward|"
        "put forth|offered the following|advanced|moved that|called for|offered a|offered an|"
        "laid before"
    ),
    "recommended": (
        "counselled|counseled|backed the|pushed for|lobbied|came down in favor|"
        "came down in favour|spoke up for|spoke in favour|leaned in favor|pressed the case|"
        "commended to|would advise|would recommend|was for|was all for|came out for|"
        "came out in favor|recommended|favored|favoured|preferred|advocated|was in favor|"
        "was in favour|would prefer|argued for|spoke for|spoke in favor|would favor|"
        "leaned toward|leaned towards"
    ),
    "urged": (
        "implored|begged|entreated|encouraged|made a plea|pleaded for|urged|insisted|pressed|"
        "pleaded|appealed|exhorted|strongly urged"
    ),
    "directed": (
        "commissioned|mandated|enjoined|bade|required|demanded|desired|called on|directed|"
        "ordered|instructed|invited|tasked|requested|commanded|charged|assigned|designated|"
        "expressed the wish that|expressed the desire that|reaffirmed his directive|"
        "reaffirmed his order|gave instructions|gave orders|issued instructions|insisted that no|"
        "wanted to be sure|called upon|told the staff"
    ),
    "decided": (
        "settled|opted|elected|put off|adjudged|put over|held over|declared the motion|decided|"
        "determined|ruled|resolved|made the decision|took the decision|deferred|postponed|"
        "selected|chose|made a decision|reached a decision"
    ),
    "authorized": (
        "permitted|allowed|gave the go-ahead|gave the green light|gave his blessing|signed off|"
        "gave leave|gave his consent|okayed|authorized|authorised|approved|gave approval|"
        "gave his approval|gave authority|gave permission|granted|sanctioned|cleared|"
        "accepted the recommendation"
    ),
    "agreed": (
        "backed|acceded|nodded|went along|echoed|subscribed|fell in with|shared this|shared that|"
        "shared his|shared her|shared the|shared these|associated himself|associated herself|"
        "sided with|stood with|stood by|withdrew his objection|withdrew her objection|"
        "withdrew the objection|withdrew his reservation|came round|came around|gave way|yielded|"
        "acquiesced|joined in|joined with|saw no objection|saw no difficulty|thought this a good|"
        "took the same view|took the same line|was of the same|said amen|raised no objection|"
        "agreed|concurred|accepted|supported|endorsed|consented|assented|expressed agreement|"
        "shared the view|seconded|was in agreement|was agreeable|thought well of|said yes|"
        "had no objection|did not object|did not disagree"
    ),
    "objected": (
        "balked|declared himself unable|declared himself opposed|declared itself unable|"
        "contested|refuted|disapproved|remonstrated|reserved his|reserved her|reserved the|"
        "stood out|held out|ruled out|vetoed|took exception|strongly disagreed|did not support|"
        "did not accept|did not concur|did not share|did not go along|could not go along|"
        "would not go along|would not support|would not have|could not see his way|"
        "could not concur|would have none|had objections|had strong objections|saw objections|"
        "took the opposite|took the contrary|saw grave|took a different|bridled|"
        "was of a different|was of the contrary|was against this|disowned|repudiated|dismissed|"
        "deplored the|cast doubt|threw doubt|objected|opposed|disagreed|disputed|rejected|"
        "protested|resisted|dissented|did not agree|did not favor|did not favour|did not like|"
        "expressed opposition|expressed disagreement|expressed reservations|expressed misgivings|"
        "had reservations|had misgivings|was not convinced|was unconvinced|was skeptical|"
        "was sceptical|could not accept|could not support|would not agree|would not accept|"
        "remained opposed|was unable to agree|was unable to accept|was unable to support|"
        "took strong exception|argued against|spoke against|was opposed|was against|"
        "advised against|recommended against|was not in favor|took issue|challenged|criticized|"
        "criticised|questioned the desirability|questioned the wisdom|questioned the need|"
        "questioned the value|expressed doubts|was unwilling|declined|refused|saw no reason|"
        "saw no need|could not agree|demurred"
    ),
    "cautioned": (
        "alerted|admonished|fretted|saw a danger|saw danger|saw risks|saw a risk|"
        "counselled caution|sounded a note|sounded a warning|had fears|uttered a warning|"
        "gave warning|issued a warning|raised the danger|cautioned|warned|expressed concern|"
        "expressed fear|was concerned|was worried|feared|worried|counseled caution|urged caution|"
        "expressed his concern|expressed worry|expressed the fear|expressed anxiety"
    ),
    "undertook": (
        "vowed|engaged to|guaranteed|volunteered|gave an undertaking|gave his word|"
        "gave an assurance|gave a promise|accepted the task|accepted the action|"
        "took it upon himself|took the action|took an action|took on the task|said he would see|"
        "undertook|promised|offered to|pledged|committed himself|said he would take|"
        "agreed to take"
    ),
}
# What is voiced, by its noun: "expressed grave doubts", "raised an objection".
VOICED: dict[Act, frozenset[str]] = {
    "cautioned": word_set(
        "concern concerns fear fears anxiety warning caution alarm worry apprehension"
    ),
    "objected": word_set(
        "doubt doubts reservation reservations misgivings misgiving objection objections"
        " disagreement opposition dissent protest disapproval scepticism skepticism"
    ),
    "agreed": word_set("agreement support assent approval concurrence accord willingness"),
    "asked": word_set("question questions query queries inquiry enquiry"),
    "proposed": word_set("proposal proposals motion amendment"),
    "suggested": word_set("suggestion suggestions possibility"),
    "recommended": word_set("preference recommendation recommendations"),
    "undertook": word_set("promise pledge undertaking assurance assurances"),
    "directed": word_set(
        "instruction instructions order orders directive directives responsibility task charge"
    ),
    "said": word_set(
        "hope view views opinion belief confidence satisfaction gratitude thanks appreciation"
        " regret disappointment surprise conviction interest sympathy wish feeling relief"
    ),
    "reported": word_set("report account summary presentation briefing outline review picture"),
    "replied": word_set("reply answer response explanation"),
    "commented": word_set("point remark comment observation remarks comments observations"),
}
VOICES = word_set(
    "expressed voiced registered raised made gave took had stated indicated signified"
    " offered conveyed repeated reiterated posed lodged echoed declared recorded felt"
)
# What somebody was: "was not persuaded that", "felt uneasy about".
BEING = word_set("was were felt seemed remained became is are grew appeared sounded")
MOODS: dict[Act, frozenset[str]] = {
    "cautioned": word_set(
        "worried concerned anxious uneasy fearful afraid alarmed apprehensive troubled disturbed"
        " nervous wary"
    ),
    "objected": word_set(
        "opposed unconvinced skeptical sceptical doubtful reluctant unwilling unable unhappy"
        " dissatisfied hostile averse dubious"
    ),
    "agreed": word_set("agreeable sympathetic amenable agreed"),
    "asked": word_set("curious puzzled"),
    "said": word_set(
        "convinced persuaded sure certain confident satisfied pleased surprised impressed hopeful"
        " optimistic pessimistic glad aware unaware interested ready prepared willing inclined"
        " disposed disappointed encouraged struck grateful sorry content sanguine astonished"
        " anxious pessimistic firm adamant emphatic clear"
    ),
}
# Moods that turn into their opposite: "was not convinced" objects.
UNMOODED = word_set(
    "convinced disposed happy impressed inclined persuaded prepared satisfied willing"
)
# Present tense, for notes taken as people speak.
PRESENT: dict[str, str] = {
    "says": "said",
    "asks": "asked",
    "wonders": "wondered",
    "warns": "warned",
    "objects": "objected",
    "states": "stated",
    "explains": "explained",
    "confirms": "confirmed",
    "doubts": "doubted",
    "answers": "answered",
    "directs": "directed",
    "instructs": "instructed",
    "requests": "requested",
    "concurs": "concurred",
    "opposes": "opposed",
    "favors": "favored",
    "disagrees": "disagreed",
    "stresses": "stressed",
    "wants": "wanted",
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
    "agreed believed concluded considered decided directed emphasized felt hoped left noted"
    " ordered pointed proposed recommended reported requested resolved settled stated"
    " suggested thought understood urged"
)
# What a meeting does to its papers and questions: a main clause in the passive is narration.
MEETING_PARTICIPLES = word_set(
    "established formed appointed convened constituted"
    " discussed circulated presented approved authorized authorised agreed decided deferred"
    " revised considered tabled adopted noted assured instructed directed requested"
    " distributed postponed reviewed debated recommended suggested asked concluded designated"
    " assigned tasked amended modified rejected endorsed accepted cleared"
)
# Told to do a thing, in the passive.
TOLD = word_set(
    "directed instructed asked requested ordered authorized authorised tasked told charged invited"
    " reminded called commissioned required designated mandated appointed empowered assigned"
)
# Made to answer for a task: "was given the task of".
CHARGED = (
    ("given", "the", "task"),
    ("given", "the", "job"),
    ("given", "responsibility", "for"),
    ("made", "responsible", "for"),
    ("put", "in", "charge"),
)
# What a body did, at the head of a point: "RESOLVED that", "b. Directed the Secretary to".
RESOLVES = word_set(
    "Agreed Directed Decided Approved Requested Authorized Authorised Instructed Adopted Invited"
    " Asked Urged Recommended Endorsed Resolved Tasked"
)
PUT_OFF = word_set("deferred postponed defer postpone delay later")
# What stands alone below what was put forward.
AGREED = word_set("Agreed Approved Adopted Carried Resolved")
SO_DONE = word_set("decided agreed ordered resolved directed approved")
# What a task consists of, as participle and as verb.
TASK_PARTICIPLES = word_set(
    "prepared drafted circulated submitted sent issued worked studied reported presented"
    " revised released developed examined reviewed undertaken instructed informed told asked"
    " arranged completed delivered given taken transmitted flown made done put kept maintained"
    " held used established set planned provided considered consulted announced published"
    " briefed rewritten redrafted called obtained carried conducted initiated assembled"
    " coordinated cleared withdrawn removed lifted stopped alerted readied moved increased"
    " reduced deleted added included stressed returned confirmed repaired corrected destroyed"
    " tabled tested counted checked recalled replaced extended stepped"
)
DELIVERABLES = word_set(
    "prepared drafted circulated submitted sent issued worked studied reported presented"
    " revised released developed examined reviewed completed delivered transmitted rewritten"
    " redrafted assembled coordinated announced published briefed instructed informed asked"
    " consulted arranged counted checked inspected verified photographed searched investigated"
    " explored"
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
    " discover inspect reduce lift increase confirm update return visit revert reach table supply"
    " chase collate compile finalize finalise monitor repair replace install test publish file"
    " resubmit redo recheck recount photograph escort search dismantle inventory tag seal audit"
    " negotiate organize organise appoint invite order pursue press explore meet warn alert"
    " reconvene resume comment"
)
# Long words that minutes use and scans break.
LONG_WORDS = word_set(
    "intelligence information government governments department departments committee conference"
    " reconnaissance photographs photography agreement agreements situation position positions"
    " question questions statement submarines submarine aircraft missiles missile inspection"
    " inspections inspectors surveillance quarantine assurance assurances withdrawal negotiations"
    " negotiation ambassador president secretary general director weather routine military naval"
    " political economic delegation representative representatives verification compliance"
    " however therefore although because through tomorrow yesterday afternoon morning evening"
    " whether possible possibility important immediately necessary attention consider operation"
    " operations preparation preparations preliminary construction installation installations"
    " equipment personnel troops soldiers officers shipment shipments vessels vessel merchant"
    " instructions communication communications consultation consultations discussion decision"
    " decisions proposal proposals recommendation recommendations conclusion conclusions evidence"
    " estimate estimates available additional appropriate approximately authority continued"
    " different difficult difficulties diplomatic effective emergency following forces further"
    " general hemisphere including indicated international national objective particular passable"
    " present pressure previous probably problem problems procedure program public publication"
    " reaction regarding relations required responsible security several special strategic"
    " substantial sufficient support survey suspended territory together towards treaty united"
    " various completed concurred requested suggested recommended cautioned"
)
# States rather than tasks: keeping on is nobody's job in particular.
STATIVE = word_set("maintained continued kept held maintain continue keep remain hold be")
DOCUMENTS = word_set(
    "paper papers statement statements draft text letter message memorandum report reports"
    " study studies plan plans release cable instructions proposal list schedule analysis"
    " answer reply announcement speech brief briefing recommendation recommendations"
    " assessment summary estimate comments views figures chronology paper annex minutes note notes"
)
